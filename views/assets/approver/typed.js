// What people type or paste, as the server reads it too (src/lib/visible.ts): without signs that
// nobody sees, spaces and dashes, and full-width signs as plain ones.
export const bareCode = (text) =>
  text
    .replaceAll(/[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zs}\u2800\s\p{Dash}]/gu, '')
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
