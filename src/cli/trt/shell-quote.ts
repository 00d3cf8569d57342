/** A word as a POSIX shell reads it back unchanged, whatever it holds. Only for showing commands and for words sent to a shell. */
export const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Program and arguments as a line that can be copied into a shell. A program that begins with a dash is no option there. */
export const commandLine = (words: readonly string[]): string => words.map(shellQuoted).join(' ');
