/** What is wrong with the configuration of a connection, in words for its user. Never holds a credential. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}
