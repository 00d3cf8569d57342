import type { Diagnostic } from '../base/diagnostic.ts';
import type { ByteImage } from './byte-image.ts';
import type { ExternalFiles } from './external-files.ts';

/** What every reader of a part of the model needs. */
export class ReadContext {
  readonly image: ByteImage;
  readonly external: ExternalFiles;
  readonly diagnostics: Diagnostic[] = [];
  private unknownDims = 0;

  constructor(image: ByteImage, external: ExternalFiles) {
    this.image = image;
    this.external = external;
  }
  /** A name for a dimension about which the file says nothing. */
  unknownDim(): string {
    this.unknownDims += 1;
    return `unk__${this.unknownDims}`;
  }
}
