import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALL_ON,
  isSiteOn,
  openSites,
  passesStep,
  siteStep,
  togglePass,
  toggleSite,
  usualCount,
  usualIds,
} from '../../../src/ui/state/pass-switches.ts';
import { samplePasses } from '../sample-passes.ts';

const SITE = { passId: 'quantize-shortcut', site: '/b1/Add' };

test('the usual passes are all but those on request, less those that are off', () => {
  assert.deepEqual(usualIds(samplePasses, ALL_ON), [
    'quantize-shortcut',
    'remove-identity',
    'find-nothing',
  ]);
  assert.equal(usualCount(samplePasses, ALL_ON), 3);
  const off = togglePass(ALL_ON, 'quantize-shortcut');
  assert.equal(usualCount(samplePasses, off), 1);
  assert.deepEqual(togglePass(off, 'quantize-shortcut'), ALL_ON);
});

test('a place that is off is left out of its pass', () => {
  const off = toggleSite(ALL_ON, SITE);
  assert.equal(isSiteOn(off, SITE), false);
  assert.equal(isSiteOn(off, { ...SITE, passId: 'remove-identity' }), true);
  assert.deepEqual(
    openSites(samplePasses[0]!, off).map(({ site }) => site),
    ['/b2/Add'],
  );
  assert.equal(usualCount(samplePasses, off), 2);
  assert.equal(isSiteOn(toggleSite(off, SITE), SITE), true);
});

test('steps name the places that are off, or the only one', () => {
  const off = toggleSite(ALL_ON, SITE);
  assert.deepEqual(passesStep(['quantize-shortcut'], off), {
    kind: 'passes',
    ids: ['quantize-shortcut'],
    except: [SITE],
  });
  assert.deepEqual(passesStep(['remove-identity'], off), {
    kind: 'passes',
    ids: ['remove-identity'],
  });
  assert.deepEqual(siteStep(SITE), { kind: 'passes', ids: [SITE.passId], only: [SITE] });
});
