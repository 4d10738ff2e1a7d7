/** The signed query parameters in which a link carries what binds it. The first two S3 has no place for. */

/** The id of the grant behind the link. */
export const LINK_PARAMETER = 'X-Hallpass-Link'
/** The addresses the link works from, as CIDRs joined by commas: needs no state. */
export const IP_PARAMETER = 'X-Hallpass-Ip'
/** S3's own: the one version of the file that the link is for. */
export const VERSION_PARAMETER = 'versionId'
/** Of what the page of a shared folder hands out for all that lies in it: one archive. */
export const ZIP_PARAMETER = 'X-Hallpass-Zip'
