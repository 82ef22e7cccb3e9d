import { collectGarbage } from './garbage.js';

/**
 * Bind groups that a process holds at most. On lavapipe each takes one of the 65,530 memory maps that Linux allows a
 * process, and where there is none left the driver ends the process without a word. The rest is for buffers, and for
 * what groups leave behind: a layout keeps the maps of as many as it ever had, for groups of its own to come.
 */
export const MOST_BIND_GROUPS = 3 << 13;

/** All sets, of however many devices: the limit is the process's. */
const all = new Set<WeakRef<BindGroups>>();
/** Groups that may be made before those that are held must be counted again. */
let room = MOST_BIND_GROUPS;
let clock = 0;

/**
 * Bind groups that are kept for later, each under a key. Where a process has made too many, the sets that have not been
 * used for longest are emptied, whatever they belong to.
 */
export class BindGroups {
  private readonly groups = new Map<string | number, GPUBindGroup>();
  private used = ++clock;

  constructor() {
    all.add(new WeakRef(this));
  }

  get size(): number {
    return this.groups.size;
  }

  /** Grows with each use of any set. */
  get lastUse(): number {
    return this.used;
  }

  /** To be called before a series of them is asked for. */
  use(): void {
    this.used = ++clock;
  }

  get(key: string | number): GPUBindGroup | undefined {
    return this.groups.get(key);
  }

  /** Keeps the group that was made for `key`. Any other may be gone afterwards, of this set as well. */
  keep(key: string | number, group: GPUBindGroup): GPUBindGroup {
    if (room === 0) makeRoom();
    room--;
    this.groups.set(key, group);
    return group;
  }

  clear(): void {
    this.groups.clear();
  }
}

/**
 * Empties sets until no more than half is held. A bind group has no `destroy`: it goes with its wrapper, which V8 sees no
 * reason to collect, for it does not see what is behind it.
 */
function makeRoom(): void {
  collectGarbage(); // the sets of backends that nobody holds go with them
  const sets = inUse();
  let held = sets.reduce((sum, { size }) => sum + size, 0);
  for (const set of sets) {
    if (held <= MOST_BIND_GROUPS / 2) break;
    held -= set.size;
    set.clear();
  }
  collectGarbage();
  room = MOST_BIND_GROUPS - held;
}

/** The sets that somebody holds, the one that was used last at the end. */
function inUse(): BindGroups[] {
  const sets: BindGroups[] = [];
  for (const reference of all) {
    const set = reference.deref();
    if (set) sets.push(set);
    else all.delete(reference);
  }
  return sets.sort((a, b) => a.lastUse - b.lastUse);
}
