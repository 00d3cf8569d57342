/** The name of an engine without the endings that its files have. */
export const engineTitle = (name: string): string =>
  name.replace(/(?:\.(?:gz|json|layers?|graph|engine|plan))+$/i, '') || name;
