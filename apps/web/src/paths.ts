/** The folder whose files the API serves at `/`. */
export const publicFolder = new URL('../public/', import.meta.url);

/** The folder whose scripts the API serves at `/assets/`. */
export const scriptsFolder = new URL('./', import.meta.url);
