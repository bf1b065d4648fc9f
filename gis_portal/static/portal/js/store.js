/**
 * The one state of the page. What it shows follows from the state, and the address bar holds it.
 *
 * @typedef {{zoom: number, lat: number, lon: number}} View
 * @typedef {{layer: string, code: string}} FeatureKey
 * @typedef {{lon: number, lat: number, chosen: boolean}} Position chosen: a point of the map, not the visitor's own
 * @typedef {{lon: number, lat: number, name: string, why: string, isDoor: boolean}} Pin a place that is no feature: a position that was typed,
 *   or where a number would stand. why: how it was found; name and why are empty when it comes from the address bar.
 * closer: the map goes near the chosen feature, because it was not chosen on the map itself.
 *
 * @typedef {{
 *   view: View | null,
 *   layers: string[],
 *   feature: FeatureKey | null,
 *   alsoHere: (FeatureKey & {name: string})[],
 *   closer: boolean,
 *   pin: Pin | null,
 *   mode: "map" | "list",
 *   side: "card" | "nearest" | "pin" | null,
 *   position: Position | null,
 * }} State
 */

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
