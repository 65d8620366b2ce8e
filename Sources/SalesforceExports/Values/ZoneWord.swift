/// Names of time zones as local times carry them, with the offsets that each can mean.
///
/// A name is no zone: several regions share one, and a region has two in a year. So it is only compared
/// with the zone that was stated.
enum ZoneWord {
  /// Offsets of a name in minutes; `nil` for a name that is not known.
  ///
  /// - Parameter name: In lower case, words kept apart by one blank.
  static func offsets(_ name: String) -> [Int64]? {
    table[name]
  }

  /// Whether a name is universal time.
  static func isUniversal(_ name: String) -> Bool { universal.contains(name) }

  private static let universal: Set<String> = [
    "utc", "gmt", "z", "ut", "zulu", "etc/utc", "coordinated universal time", "universal time",
    "greenwich mean time",
  ]

  private static let table: [String: [Int64]] = [
    "pst": [-480], "pdt": [-420], "pt": [-480, -420], "mst": [-420], "mdt": [-360],
    "cst": [-360, 480, -300], "cdt": [-300, -240], "est": [-300], "edt": [-240],
    "akst": [-540], "akdt": [-480], "hst": [-600], "hdt": [-540], "ast": [-240, 180],
    "adt": [-180], "nst": [-210], "ndt": [-150], "brt": [-180], "brst": [-120], "art": [-180],
    "clt": [-240], "clst": [-180], "cot": [-300], "pet": [-300],
    "wet": [0], "west": [60], "bst": [60, 360], "ist": [330, 60, 120], "idt": [180],
    "cet": [60], "cest": [120], "mez": [60], "mesz": [120], "hnec": [60], "heec": [120],
    "met": [60], "mest": [120], "eet": [120], "eest": [180], "oez": [120], "oesz": [180],
    "msk": [180], "trt": [180], "sast": [120], "cat": [120], "wat": [60], "eat": [180],
    "gst": [240], "pkt": [300], "npt": [345], "wib": [420], "ict": [420], "sgt": [480],
    "hkt": [480], "myt": [480], "pht": [480], "jst": [540], "kst": [540], "awst": [480],
    "acst": [570], "acdt": [630], "aest": [600], "aedt": [660], "nzst": [720], "nzdt": [780],
    "pacific standard time": [-480], "pacific daylight time": [-420],
    "mountain standard time": [-420], "mountain daylight time": [-360],
    "central standard time": [-360], "central daylight time": [-300],
    "eastern standard time": [-300], "eastern daylight time": [-240],
    "alaska standard time": [-540], "alaska daylight time": [-480],
    "hawaii-aleutian standard time": [-600],
    "central european standard time": [60], "central european summer time": [120],
    "central european time": [60], "eastern european time": [120],
    "eastern european standard time": [120], "eastern european summer time": [180],
    "western european time": [0], "western european summer time": [60],
    "british summer time": [60], "irish standard time": [60], "india standard time": [330],
    "japan standard time": [540], "singapore standard time": [480],
    "australian eastern standard time": [600], "australian eastern daylight time": [660],
    "mitteleuropäische zeit": [60], "mitteleuropäische sommerzeit": [120],
    "mitteleuropäische normalzeit": [60], "日本標準時": [540],
  ]
}
