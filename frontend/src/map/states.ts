/** What a page knows about the cooperation across the seams of a level, fetched when it is to be drawn. */

import { LEVEL_NAMES } from "./url-state";
import type { Level } from "./levels";
import { isState, type State, type States } from "./style";

/** Reads `{"full": {"03252": ["03254", …]}, …}`: for each state the seams in it, by their smaller key. */
export function readStates(said: unknown): States {
  const states: Record<string, State> = {};
  for (const [state, seams] of entries(said)) {
    if (!isState(state)) continue;
    for (const [a, others] of entries(seams)) {
      if (!Array.isArray(others)) continue;
      for (const b of others) states[`${a}/${String(b)}`] = state;
    }
  }
  return states;
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** Fetches the states of a level from an address with `{level}`; rejects where there is no answer. */
export async function fetchStates(template: string, level: Level, signal: AbortSignal): Promise<States> {
  const answer = await fetch(template.replace("{level}", LEVEL_NAMES[level]), { signal });
  if (!answer.ok) throw new Error(`states of ${level}: ${answer.status}`);
  return readStates(await answer.json());
}
