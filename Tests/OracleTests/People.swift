/// The snapshots of an org: who exists, and what is in force for whom.
struct People {
  typealias Table = [DelimitedText.Record]

  /// One account's row and rights at a time.
  struct Person {
    var id = ""
    var username = ""
    var name = ""
    var isActive: Bool?
    var userType = ""
    var license = ""
    var profile = ""
    var hasContact = false
    var created: Int?
    var passwordChanged: Int?
    /// Ways that lead nowhere: what they give is in no export.
    var unresolved: Set<String> = []
    /// Permissions in force, each with the ways it comes.
    var permissions: [String: Set<String>] = [:]
    var hasIntegrationLicense = false
    /// Sets and groups that sessions have to activate.
    var sessionActivated: Set<String> = []

    func has(_ permission: String) -> Bool { permissions[permission] != nil }
  }

  static let privileges = [
    "ModifyAllData", "ViewAllData", "ManageUsers", "CustomizeApplication", "AuthorApex",
  ]

  /// Tables by object, each with its date or nil, oldest first.
  let tables: [String: [(date: Int?, rows: Table)]]
  let columns: [String: Set<String>]
  private let keysByID: [String: String]
  /// Who had a name, by the dates of the snapshots, oldest first.
  private var holders: [String: [(date: Int?, id: String)]] = [:]

  init(_ exports: [ExportFile]) {
    var found: [String: [(date: Int?, rows: Table)]] = [:]
    var columns: [String: Set<String>] = [:]
    for export in exports.sorted(by: { $0.name < $1.name }) {
      columns[export.kind, default: []].formUnion(export.text.columns)
      let date = export.date
      if let index = found[export.kind]?.firstIndex(where: { $0.date == date }) {
        found[export.kind]?[index].rows += export.text.records
      } else {
        found[export.kind, default: []].append((date, export.text.records))
      }
    }
    tables = found.mapValues { $0.sorted { ($0.date ?? 0) < ($1.date ?? 0) } }
    self.columns = columns
    var ids: [String: String] = [:]
    for (_, rows) in tables["User"] ?? [] {
      for row in rows {
        let id = Self.long(row["id"])
        ids[String(id.prefix(15))] = id
      }
    }
    keysByID = ids
    for (date, rows) in tables["User"] ?? [] {
      for row in rows {
        holders[row["username"].lowercased(), default: []].append((date, Self.long(row["id"])))
      }
    }
  }

  /// The key of an account: its id, else the id of its username, else the username.
  func key(id: String, username: String, at time: Int = .max) -> String? {
    if id.count == 15 || id.count == 18,
      id.unicodeScalars.allSatisfy({ $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0) }
      )
    {
      return Self.long(id)
    }
    guard username != "" else { return nil }
    let users = holders[username] ?? []
    let user = users.last { ($0.date ?? .min) <= time } ?? users.first
    return user?.id ?? "username:" + username
  }

  /// The ids of all users of all snapshots.
  var known: Set<String> { Set(keysByID.values) }

  /// The table in force at a time; the newest without one.
  func table(_ object: String, at time: Int? = nil) -> Table {
    let all = tables[object] ?? []
    guard let time else { return all.last?.rows ?? [] }
    return (all.last { ($0.date ?? .min) <= time } ?? all.first)?.rows ?? []
  }

  /// Whether a snapshot in force says that an account is inactive or frozen; of an attempt that failed
  /// one without a date says so too.
  func isOff(_ key: String, at time: Int, hasFailed: Bool) -> Bool {
    let signs = [("User", "id", "isactive", false), ("UserLogin", "userid", "isfrozen", true)]
    return signs.contains { object, id, column, sign in
      let all = tables[object] ?? []
      guard let table = all.last(where: { ($0.date ?? .min) <= time }) ?? all.first else {
        return false
      }
      return (table.date.map { $0 <= time } ?? hasFailed)
        && table.rows.contains { Self.long($0[id]) == key && Self.flag($0[column]) == sign }
    }
  }

  /// All people of the snapshots in force at a time, by key, or the one of them with a key.
  func people(at time: Int?, now: Int, only key: String? = nil) -> [String: Person] {
    func byID(_ object: String, _ column: String = "id") -> [String: DelimitedText.Record] {
      var found: [String: DelimitedText.Record] = [:]
      for row in table(object, at: time) { found[Self.short(row[column])] = row }
      return found
    }
    let profiles = byID("Profile")
    let profileNames = byName("Profile", at: time)
    let sets = byID("PermissionSet")
    let groups = byID("PermissionSetGroup")
    let mutings = byID("MutingPermissionSet")
    let licensed = Set(
      table("PermissionSetLicenseAssign", at: time).filter { row in
        row["permissionsetlicense.developername"] == "SalesforceAPIIntegrationPsl"
          || row["permissionsetlicense.masterlabel"] == "Salesforce API Integration"
      }.map { Self.short($0["assigneeid"]) })
    let components = table("PermissionSetGroupComponent", at: time)
    let aggregates = table("PermissionSet", at: time).filter { $0["type"] == "Group" }
    let assignments = Dictionary(grouping: table("PermissionSetAssignment", at: time)) {
      Self.short($0["assigneeid"])
    }
    var people: [String: Person] = [:]
    for row in table("User", at: time) where key == nil || Self.long(row["id"]) == key {
      var person = Person()
      person.id = Self.long(row["id"])
      person.username = row["username"]
      person.name = row["name"]
      person.isActive = Self.flag(row["isactive"])
      person.userType = row["usertype"]
      person.hasIntegrationLicense = licensed.contains(Self.short(row["id"]))
      let contact = row["contactid"]
      person.hasContact =
        contact.hasPrefix("003") && [15, 18].contains(contact.count)
        && contact.prefix(15).dropFirst(3).contains { $0 != "0" }
      person.created = Moment.milliseconds(row["createddate"])
      person.passwordChanged = Moment.milliseconds(row["lastpasswordchangedate"])
      let profile = profiles[Self.short(row["profileid"])] ?? profileNames[row["profile.name"]]
      person.profile = row["profile.name"] != "" ? row["profile.name"] : profile?["name"] ?? ""
      person.license = row["profile.userlicense.name"]
      if person.license == "" { person.license = profile?["userlicense.name"] ?? "" }
      func grant(_ source: DelimitedText.Record, prefix: String, via: String, less: Set<String>) {
        for (column, value) in source.fields
        where column.hasPrefix(prefix) && Self.flag(value) == true {
          let name = Self.permissionName(String(column.dropFirst(prefix.count)))
          if !less.contains(name) { person.permissions[name, default: []].insert(via) }
        }
      }
      let byProfile = "profile: \(person.profile)"
      grant(row, prefix: "profile.permissions", via: byProfile, less: [])
      if let profile { grant(profile, prefix: "permissions", via: byProfile, less: []) }
      for assignment in assignments[Self.short(row["id"])] ?? [] {
        if let expires = Moment.milliseconds(assignment["expirationdate"]), expires <= now {
          continue
        }
        if Self.flag(assignment["isactive"]) == false { continue }
        if Self.flag(assignment["isrevoked"]) == true { continue }
        let assigned = sets[Self.short(assignment["permissionsetid"])]
        var groupID = Self.short(assignment["permissionsetgroupid"])
        if groupID == "" { groupID = Self.short(assigned?["permissionsetgroupid"] ?? "") }
        // In force in sessions alone that ask for it.
        if [assigned, groups[groupID]].contains(where: {
          $0.map { Self.flag($0["hasactivationrequired"]) == true } ?? false
        }) {
          person.sessionActivated.insert(
            groups[groupID].map { "permission set group: " + $0["masterlabel"] }
              ?? "permission set: " + (assigned?["label"] ?? ""))
          continue
        }
        if let set = assigned {
          if set["license.name"] == "Salesforce API Integration" {
            person.hasIntegrationLicense = true
          }
          var via = "permission set: \(set["label"])"
          if set["type"] == "Group" { via = "permission set group: \(label(of: set, groups))" }
          if Self.flag(set["isownedbyprofile"]) == true { via = byProfile }
          grant(set, prefix: "permissions", via: via, less: [])
        } else if groupID != "", let group = groups[groupID],
          !aggregates.contains(where: { Self.short($0["permissionsetgroupid"]) == groupID })
        {
          let members = components.filter { Self.short($0["permissionsetgroupid"]) == groupID }
            .map { Self.short($0["permissionsetid"]) }
          var muted: Set<String> = []
          for muting in members.compactMap({ mutings[$0] }) {
            for (column, value) in muting.fields
            where column.hasPrefix("permissions") && Self.flag(value) == true {
              muted.insert(Self.permissionName(String(column.dropFirst(11))))
            }
          }
          for set in members.compactMap({ sets[$0] }) {
            grant(
              set, prefix: "permissions", via: "permission set group: \(group["masterlabel"])",
              less: muted)
          }
        }
      }
      people[person.id] = person
    }
    return people
  }

  private func label(
    of set: DelimitedText.Record, _ groups: [String: DelimitedText.Record]
  ) -> String {
    groups[Self.short(set["permissionsetgroupid"])]?["masterlabel"] ?? set["label"]
  }

  private func byName(_ object: String, at time: Int?) -> [String: DelimitedText.Record] {
    var found: [String: DelimitedText.Record] = [:]
    for row in table(object, at: time) { found[row["name"]] = row }
    return found
  }

  static func short(_ id: String) -> String { String(id.prefix(15)) }

  /// The 18-character form of an id.
  static func long(_ id: String) -> String {
    guard id.count == 15 else { return id }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345")
    let characters = Array(id)
    var suffix = ""
    for group in 0..<3 {
      var number = 0
      for position in 0..<5 where characters[group * 5 + position].isUppercase {
        number += 1 << position
      }
      suffix.append(letters[number])
    }
    return id + suffix
  }

  private static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1": true
    case "false", "0": false
    default: nil
    }
  }

  private static let names = [
    "ModifyAllData", "ViewAllData", "ManageUsers", "CustomizeApplication", "AuthorApex",
    "ApiUserOnly", "ForceTwoFactor", "TwoFactorApi", "BypassMFAForUiLogins", "ApiEnabled",
    "ManageTwoFactor", "UseAnyApiAuth", "ViewSetup", "UseAnyApiClient", "IsSsoEnabled",
    "PasswordNeverExpires", "MonitorLoginHistory", "ApproveUninstalledConnectedApps",
  ]

  private static func permissionName(_ column: String) -> String {
    names.first { $0.lowercased() == column } ?? column
  }
}
