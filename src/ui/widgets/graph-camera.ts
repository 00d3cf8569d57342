import type { Scene } from '../../api/scene.ts';

/** Where one looks: the scene point at the top left corner of the view, and screen pixels a scene unit. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle by its centre, as scene boxes have it. */
export interface Area extends Size {
  readonly x: number;
  readonly y: number;
}

export const MAX_SCALE = 4;
/** Below this nothing can be read: opening a graph never goes there. */
const READABLE_SCALE = 0.5;
/** Smallest zoom at which a graph that does not fit is first shown. */
const COMFORTABLE_SCALE = 0.85;
/** Right edge that the minimap covers when the scene is taller than the view, in screen pixels. */
const MINIMAP_ROOM = 56;
/** So much of the scene stays in view, in screen pixels. */
const KEEP = 80;

/** The whole scene in the middle of the view. */
export function fitAll(scene: Size, view: Size): Camera {
  const scale = Math.min(1, view.width / scene.width, view.height / scene.height);
  return {
    x: (scene.width - view.width / scale) / 2,
    y: (scene.height - view.height / scale) / 2,
    scale,
  };
}

/** The top of the scene, as wide as fits while it can be read; where it does not fit, around its first box. */
export function fitReadable(scene: Scene, view: Size): Camera {
  const all = fitAll(scene, view);
  if (all.scale >= READABLE_SCALE) return all;
  const room = Math.max(1, view.width - MINIMAP_ROOM);
  const scale = Math.max(COMFORTABLE_SCALE, Math.min(1, room / scene.width));
  const fits = scene.width * scale <= room;
  const middle = fits ? scene.width / 2 : (scene.boxes[0]?.x ?? scene.width / 2);
  return { x: middle - room / scale / 2, y: 0, scale };
}

/** Zooms by `factor` around the screen point (px, py). */
export function zoomAt(camera: Camera, factor: number, px: number, py: number): Camera {
  const scale = camera.scale * factor;
  return {
    x: camera.x + px / camera.scale - px / scale,
    y: camera.y + py / camera.scale - py / scale,
    scale,
  };
}

/** Moves the picture by screen pixels. */
export const panBy = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.scale,
  y: camera.y - dy / camera.scale,
});

/** Keeps the zoom between the whole scene and 4, and a piece of the scene in view. */
export function clampCamera(camera: Camera, scene: Size, view: Size): Camera {
  const least = Math.min(fitAll(scene, view).scale, READABLE_SCALE);
  const wanted = Math.min(MAX_SCALE, Math.max(least, camera.scale));
  const zoomed =
    wanted === camera.scale
      ? camera
      : zoomAt(camera, wanted / camera.scale, view.width / 2, view.height / 2);
  const [w, h] = [view.width / wanted, view.height / wanted];
  const keep = KEEP / wanted;
  return {
    x: Math.min(scene.width - keep, Math.max(keep - w, zoomed.x)),
    y: Math.min(scene.height - keep, Math.max(keep - h, zoomed.y)),
    scale: wanted,
  };
}

/** Moves as little as needed to have `area` well inside the view, and zooms in where it could not be read. */
export function revealArea(camera: Camera, area: Area, view: Size): Camera {
  if (camera.scale < READABLE_SCALE) {
    const scale = 0.8;
    return {
      x: area.x - view.width / scale / 2,
      y: area.y - view.height / scale / 2,
      scale,
    };
  }
  const margin = Math.min(72, view.width / 6, view.height / 6) / camera.scale;
  const shift = (from: number, length: number, centre: number, size: number): number => {
    const low = centre - size / 2 - margin;
    const high = centre + size / 2 + margin;
    if (high - low > length) return centre - length / 2;
    return low < from ? low : high > from + length ? high - length : from;
  };
  return {
    x: shift(camera.x, view.width / camera.scale, area.x, area.width),
    y: shift(camera.y, view.height / camera.scale, area.y, area.height),
    scale: camera.scale,
  };
}

/** A camera on the way from one to another, `t` from 0 to 1, slowing down at the end. */
export function between(from: Camera, to: Camera, t: number): Camera {
  const eased = 1 - (1 - t) ** 3;
  const mix = (a: number, b: number): number => a + (b - a) * eased;
  return {
    x: mix(from.x, to.x),
    y: mix(from.y, to.y),
    scale: from.scale * (to.scale / from.scale) ** eased,
  };
}
