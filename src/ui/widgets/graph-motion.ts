import { between } from './graph-camera.ts';
import type { Camera } from './graph-camera.ts';

const DURATION_MS = 150;

/** Moves a camera over 150 ms, or at once for those who asked their system for less motion. */
export class GraphMotion {
  private readonly show: (camera: Camera) => void;
  private frame = 0;

  constructor(show: (camera: Camera) => void) {
    this.show = show;
  }

  go(from: Camera, to: Camera): void {
    this.stop();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.show(to);
      return;
    }
    const start = performance.now();
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, now - start) / DURATION_MS);
      this.show(t === 1 ? to : between(from, to, t));
      if (t < 1) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }
}
