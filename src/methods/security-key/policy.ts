/**
 * What administrators decide about keys; what each part means is written in config/default.yaml.
 */
import { X509Certificate } from 'node:crypto';

import { z } from 'zod';

/** Which model of key, as its maker numbered it. */
const aaguid = z
  .string()
  .toLowerCase()
  .regex(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, 'must be an AAGUID');

const certificate = z
  .string()
  .max(8192)
  .refine(isCertificate, 'must be a certificate as PEM, -----BEGIN CERTIFICATE----- and so on');

export const keyPolicy = z.object({
  passwordless: z.boolean(),
  attestation: z.enum(['none', 'asked', 'required']),
  attestationRoots: z.array(certificate).max(50),
  allowedModels: z.array(aaguid).max(500),
  refusedModels: z.array(aaguid).max(500),
});

export type KeyPolicy = z.infer<typeof keyPolicy>;

export const isModelAllowed = (
  { allowedModels, refusedModels }: KeyPolicy,
  model: string,
): boolean =>
  !refusedModels.includes(model) && (allowedModels.length === 0 || allowedModels.includes(model));

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
