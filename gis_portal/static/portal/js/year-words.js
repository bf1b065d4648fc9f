/** Years and eras as people write them. */
import { t } from "./i18n.js";
import { eraOf } from "./years.js";

const PLAIN_FROM = 1000; // the first year that is written without saying of which era it is

/** @param {number} year */
export function yearText(year) {
  if (year < 0) return t("year_before", { year: -year });
  return year < PLAIN_FROM ? t("year_of", { year }) : t("year_plain", { year });
}

const ERA_NAMES = {
  yue: () => t("era_yue"),
  qin: () => t("era_qin"),
  han: () => t("era_han"),
  three_kingdoms: () => t("era_three_kingdoms"),
  jin: () => t("era_jin"),
  southern: () => t("era_southern"),
  sui: () => t("era_sui"),
  tang: () => t("era_tang"),
  five_dynasties: () => t("era_five_dynasties"),
  song: () => t("era_song"),
  yuan: () => t("era_yuan"),
  ming: () => t("era_ming"),
  qing: () => t("era_qing"),
  republic: () => t("era_republic"),
  prc: () => t("era_prc"),
};

/** @param {keyof typeof ERA_NAMES} era */
export function eraName(era) {
  return ERA_NAMES[era]();
}

/** A year with its era: 1575年 · 明. @param {number} year */
export function datedText(year) {
  return t("year_and_era", { year: yearText(year), era: eraName(eraOf(year)) });
}

/** When something happened, between two years that may not be known; empty when neither is. @param {number | null} earliest @param {number | null} latest */
function moment(earliest, latest) {
  if (earliest === null && latest === null) return "";
  if (latest === null) return t("year_or_later", { year: yearText(Number(earliest)) });
  if (earliest === null) return t("year_or_earlier", { year: yearText(latest) });
  return earliest === latest ? yearText(latest) : t("year_between", { first: yearText(earliest), last: yearText(latest) });
}

/** A period in words; empty when nothing is known of it. @param {(number | null)[]} years the four bounds @param {boolean} lasts */
export function periodText([startEarliest, startLatest, endEarliest, endLatest], lasts) {
  const [start, end] = [moment(startEarliest, startLatest), moment(endEarliest, endLatest)];
  if (start && end) return start === end ? start : t("years_from_to", { start, end });
  if (end) return t("years_until", { end });
  if (!start) return "";
  return lasts ? t("years_lasting", { start }) : t("years_from", { start });
}
