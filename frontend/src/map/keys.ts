/** Keys of areas and ids of seams. */

const KEY = /^[0-9A-Za-z]{1,16}(?:\/[0-9A-Za-z]{1,16})?$/;

/** Whether a text can be the key of an area, or the id of a seam: two keys with a slash between them. */
export function isKey(text: string): boolean {
  return KEY.test(text);
}
