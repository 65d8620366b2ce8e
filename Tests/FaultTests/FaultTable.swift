/// All faults, by what they are faults of.
enum FaultTable {
  static let sections: [(title: String, faults: [Fault])] = [
    ("Gzip", gzip), ("Zip", zip), ("Other containers and encodings", encodings),
    ("Records", records), ("Times", times), ("Ids and addresses", values),
    ("Files and folders", files), ("Read errors", readErrors), ("Outputs", outputs),
    ("Ledgers and saved results", forged), ("Memory and time", resources),
  ]
}
