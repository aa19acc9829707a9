/** To come.
 * @module
 */
export {};
