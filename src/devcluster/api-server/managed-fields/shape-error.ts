/** An object that does not fit its schema so far that nobody can say who owns what. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}
