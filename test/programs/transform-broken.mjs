/** A module that exports no transform. */
export default 3;
