/** Lets the browser draw and listen between taking in a large answer and showing it: two short tasks, not a long one. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
