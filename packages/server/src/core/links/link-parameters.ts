/** The signed query parameters in which a link carries what S3 has no place for. */

/** The id of the grant behind the link. */
export const LINK_PARAMETER = 'X-Hallpass-Link'
/** The addresses the link works from, as CIDRs joined by commas: needs no state. */
export const IP_PARAMETER = 'X-Hallpass-Ip'
