/**
 * The one state of the page. What it shows follows from the state, and the address bar holds it.
 *
 * @typedef {{zoom: number, lat: number, lon: number}} View
 * @typedef {{layer: string, code: string}} FeatureKey
 * @typedef {{lon: number, lat: number, chosen: boolean}} Position chosen: a point of the map, not the visitor's own
 * @typedef {{lon: number, lat: number, name: string, why: string, isDoor: boolean}} Pin a place that is no feature: a position that was typed,
 *   or where a number would stand. why: how it was found; name and why are empty when it comes from the address bar.
 * @typedef {"measure" | "coverage" | "time" | "print" | "share" | "display"} Panel a tool that takes the side while it is used
 * @typedef {{id: string, level: "county" | "township"}} ShownTarget a target of the coverage plans, and by which divisions it is shown
 * @typedef {{kind: "line" | "area", points: [number, number][]}} Drawing what the visitor has drawn: longitude and latitude of each corner
 *
 * closer: the map goes near the chosen feature, because it was not chosen on the map itself.
 * opacity: of layers that are not drawn in full, in percent. year: of which names are shown, null: as today; negative before Christ.
 * base: the id of what lies below the layers, empty: the portal's own ground. elder: large type and few controls.
 *
 * @typedef {{
 *   view: View | null,
 *   layers: string[],
 *   feature: FeatureKey | null,
 *   alsoHere: (FeatureKey & {name: string})[],
 *   closer: boolean,
 *   pin: Pin | null,
 *   mode: "map" | "list",
 *   side: "card" | "nearest" | "pin" | Panel | null,
 *   position: Position | null,
 *   opacity: Record<string, number>,
 *   target: ShownTarget | null,
 *   year: number | null,
 *   drawn: Drawing | null,
 *   base: string,
 *   look: "auto" | "light" | "dark",
 *   elder: boolean,
 * }} State
 */

/** @type {Panel[]} */
export const PANELS = ["measure", "coverage", "time", "print", "share", "display"];

/** The state of a page that nobody has touched; its layers are those of the page. @type {Omit<State, "layers">} */
export const AT_FIRST = {
  view: null,
  feature: null,
  alsoHere: [],
  closer: false,
  pin: null,
  mode: "map",
  side: null,
  position: null,
  opacity: {},
  target: null,
  year: null,
  drawn: null,
  base: "",
  look: "auto",
  elder: false,
};

/**
 * @param {State} initial
 */
export function createStore(initial) {
  let state = initial;
  /** @type {{keys: (keyof State)[], listener: (state: State) => void}[]} */
  const listeners = [];
  return {
    /** @returns {State} */
    get: () => state,

    /** Changes the state and tells those who listen to what changed. @param {Partial<State>} patch */
    set(patch) {
      const before = state;
      state = { ...state, ...patch };
      for (const { keys, listener } of listeners) {
        if (keys.some((key) => !Object.is(before[key], state[key]))) listener(state);
      }
    },

    /** Calls the listener when one of the keys has changed. @param {(keyof State)[]} keys @param {(state: State) => void} listener */
    subscribe(keys, listener) {
      listeners.push({ keys, listener });
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
