/**
 * How accounts are stored, and by what they are found; what each part means is said in account.ts.
 */
import { Schema } from 'mongoose';

import { ADMISSION } from './admission.ts';
import { WAITING } from './audit-event.ts';

export const accountSchema = new Schema(
  {
    _id: String,
    username: String,
    name: String,
    profile: Schema.Types.Mixed,
    identifiers: [String],
    roles: [String],
    groups: [String],
    disabledAt: Date,
    signedOutAt: Date,
    passwordChangeDueAt: Date,
    credentials: Schema.Types.Mixed,
    userHandle: String,
    credentialsVersion: Number,
    spentSeeds: Schema.Types.Mixed,
    preferred: Schema.Types.Mixed,
    attempts: Schema.Types.Mixed,
    known: Schema.Types.Mixed,
    admissions: Schema.Types.Mixed,
    trustedBrowsers: Schema.Types.Mixed,
    removedCredentials: Schema.Types.Mixed,
    disowned: Schema.Types.Mixed,
    registration: Schema.Types.Mixed,
    createdAt: Date,
    lastSignInAt: Date,
    events: Schema.Types.Mixed,
  },
  { minimize: false, versionKey: false, collection: 'accounts' },
);
accountSchema.index({ identifiers: 1 }, { unique: true });
accountSchema.index({ username: 1 });
accountSchema.index({ userHandle: 1 }, { unique: true, sparse: true });
// A key is one person's (WebAuthn §7.1), over all accounts.
accountSchema.index({ 'credentials.data.credentialId': 1 }, { unique: true, sparse: true });
accountSchema.index({ [WAITING]: 1 }, { sparse: true });
accountSchema.index({ [ADMISSION]: 1 }, { sparse: true });
accountSchema.index({ 'removedCredentials.erasedAt': 1 }, { sparse: true });
accountSchema.index({ groups: 1, username: 1 });
accountSchema.index({ roles: 1, username: 1 });
