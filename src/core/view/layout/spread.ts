/**
 * Puts things in a row as near as possible to where they want to be, in the order in which they are added and with a
 * least distance between the centres of neighbours: weighted least squares by pooling adjacent violators, in linear
 * time. Reused for row after row.
 */
export class Spreader {
  /** Centres after `solve`, by the order of adding. */
  readonly position: number[] = [];
  private count = 0;
  /** Blocks of things that touch: where the first thing of a row would be, how heavy, how many. */
  private readonly mean: number[] = [];
  private readonly mass: number[] = [];
  private readonly size: number[] = [];
  private blocks = 0;
  /** Sum of the distances from the first thing to each. */
  private readonly offset: number[] = [];

  clear(): void {
    this.count = 0;
    this.blocks = 0;
  }

  /** Adds a thing that wants its centre at `wanted`, `gap` or more behind the one before (0 for the first). */
  add(wanted: number, weight: number, gap: number): void {
    const offset = this.count === 0 ? 0 : this.offset[this.count - 1]! + gap;
    this.offset[this.count++] = offset;
    let mean = wanted - offset;
    let mass = weight;
    let size = 1;
    while (this.blocks > 0 && this.mean[this.blocks - 1]! >= mean) {
      const last = --this.blocks;
      mean = (mean * mass + this.mean[last]! * this.mass[last]!) / (mass + this.mass[last]!);
      mass += this.mass[last]!;
      size += this.size[last]!;
    }
    this.mean[this.blocks] = mean;
    this.mass[this.blocks] = mass;
    this.size[this.blocks++] = size;
  }

  /** Fills `position`. */
  solve(): void {
    for (let block = 0, i = 0; block < this.blocks; block++) {
      for (let k = 0; k < this.size[block]!; k++, i++) {
        this.position[i] = this.mean[block]! + this.offset[i]!;
      }
    }
  }
}
