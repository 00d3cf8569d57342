/** What `listenForDrops` tells. */
export interface DropListener {
  /** Files hang over the window, or no longer. */
  readonly onHover: (hovering: boolean) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

const carriesFiles = (event: DragEvent): boolean =>
  event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files dropped anywhere on the window. Returns the function that stops it. */
export function listenForDrops({ onHover, onFiles }: DropListener): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  // Children send enter and leave too: the depth tells when the pointer has really left the window.
  let depth = 0;
  const on = (
    type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
    act: (e: DragEvent) => void,
  ) => {
    addEventListener(
      type,
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        act(event);
      },
      { signal },
    );
  };
  on('dragenter', () => {
    if (++depth === 1) onHover(true);
  });
  on('dragover', () => undefined);
  on('dragleave', () => {
    if (--depth === 0) onHover(false);
  });
  on('drop', (event) => {
    depth = 0;
    onHover(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) onFiles(files);
  });
  return () => {
    stop.abort();
  };
}
