/**
 * The query parameters that link trackers and rewriters append.
 *
 * @module
 */

const NAMES: ReadonlySet<string> = new Set(
  (
    'fbclid gclid gbraid wbraid dclid gclsrc msclkid mc_cid mc_eid igshid igsh twclid ttclid li_fat_id yclid ' +
    '_hsenc _hsmi __hssc __hstc __hsfp hsctatracking mkt_tok vero_id vero_conv oly_enc_id oly_anon_id _ga _gl _gac ' +
    'ref_src s_cid wickedid srsltid _openstat epik sc_cid rb_clickid irclickid _branch_match_id ' +
    '_kx trk_contact trk_msg mibextid elqtrackid elqtrack ml_subscriber cmpid guce_referrer'
  ).split(' '),
)

/** True for names that trackers append, in any case: `utm_source`, `fbclid`. */
export function isTrackerParameter(name: string): boolean {
  const lower = name.toLowerCase()
  return lower.startsWith('utm_') || lower.startsWith('pk_') || NAMES.has(lower)
}
