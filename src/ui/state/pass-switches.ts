import type { PassSite, PassView, Step } from '../../api/rewrite-api.ts';

/** Passes, and places of passes, that the user has switched off. */
export interface PassSwitches {
  readonly passes: ReadonlySet<string>;
  readonly sites: readonly PassSite[];
}

export const ALL_ON: PassSwitches = { passes: new Set(), sites: [] };

const sameSite = (a: PassSite, b: PassSite): boolean => a.passId === b.passId && a.site === b.site;

/** Whether a place may be changed; its pass may be off all the same. */
export const isSiteOn = ({ sites }: PassSwitches, site: PassSite): boolean =>
  !sites.some((other) => sameSite(other, site));

/** Turns a pass off, or on again. */
export function togglePass(switches: PassSwitches, passId: string): PassSwitches {
  const passes = new Set(switches.passes);
  if (!passes.delete(passId)) passes.add(passId);
  return { ...switches, passes };
}

/** Turns one place of a pass off, or on again. */
export function toggleSite(switches: PassSwitches, site: PassSite): PassSwitches {
  const others = switches.sites.filter((other) => !sameSite(other, site));
  const sites = others.length < switches.sites.length ? others : [...switches.sites, site];
  return { ...switches, sites };
}

/** The ids of the passes that run together: the usual ones that are on, in their order. */
export const usualIds = (passes: readonly PassView[], switches: PassSwitches): readonly string[] =>
  passes
    .filter(({ id, onRequest }) => onRequest === undefined && !switches.passes.has(id))
    .map(({ id }) => id);

/** How many places the usual passes that are on would change as they look now. */
export const usualCount = (passes: readonly PassView[], switches: PassSwitches): number => {
  const on = new Set(usualIds(passes, switches));
  return passes
    .filter(({ id }) => on.has(id))
    .reduce((sum, pass) => sum + openSites(pass, switches).length, 0);
};

/** The places of a pass that are switched on. */
export const openSites = (
  { id, proposals }: PassView,
  switches: PassSwitches,
): PassView['proposals'] =>
  proposals.filter(({ site }) => isSiteOn(switches, { passId: id, site }));

/** Runs passes to their fixed point, but for the places that are off. */
export function passesStep(ids: readonly string[], { sites }: PassSwitches): Step {
  const except = sites.filter(({ passId }) => ids.includes(passId));
  return { kind: 'passes', ids, ...(except.length > 0 && { except }) };
}

/** Runs a pass at one place only. */
export const siteStep = (site: PassSite): Step => ({
  kind: 'passes',
  ids: [site.passId],
  only: [site],
});
