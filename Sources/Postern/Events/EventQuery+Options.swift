import Accounts
import Configuration
import SalesforceExports

extension EventQuery {
  /// Adds values of `--kind`: `human`, `api`, `unclassified`, parted by commas; reports call the first
  /// `browser`.
  package mutating func addKinds(_ text: String) throws(UsageError) {
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      switch word.lowercased() {
      case "human", "browser": doors.insert(.human)
      case "api": doors.insert(.api)
      case "unclassified": doors.insert(.unclassified)
      default: throw UsageError("--kind \(text): expected human, api or unclassified")
      }
    }
  }

  /// Adds values of `--mfa`: states or bases of verdicts, parted by commas; reports say `yes` and `no`.
  package mutating func addVerdicts(_ text: String) throws(UsageError) {
    for word in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
      let answer: VerdictState? = word == "yes" ? .proven : word == "no" ? .absent : nil
      if let state = answer ?? VerdictState(rawValue: String(word)) {
        verdictStates.insert(state)
      } else if let basis = VerdictBasis(rawValue: String(word)) {
        verdictBases.insert(basis)
      } else {
        let names = VerdictBasis.allCases.map(\.rawValue)
        let help = NameSuggestion.nearest(to: String(word), among: names)
        throw UsageError(
          "--mfa \(text): expected proven, absent, unknown or the name of a basis"
            + (help.map { " (did you mean \($0)?)" } ?? ""))
      }
    }
  }

  /// Adds a value of `--status`: an outcome, or a status in which `*` stands for any characters.
  package mutating func addStatus(_ text: String) {
    switch text.lowercased() {
    case "succeeded": outcomes.insert(.succeeded)
    case "failed": outcomes.insert(.failed)
    case "pending": outcomes.insert(.pending)
    default:
      // Codes of event logs stand for the labels that rows are shown with.
      statuses.append(NamePattern(LoginStatus.named(text)?.label ?? text))
    }
  }

  /// Adds values of `--class`, parted by commas; reports call `human` a person.
  package mutating func addClasses(_ text: String) throws(UsageError) {
    for word in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
      let name = word == "person" ? AccountClass.human.rawValue : String(word)
      guard let accountClass = AccountClass(rawValue: name) else {
        let names = AccountClass.allCases.map(\.rawValue)
        throw UsageError(
          "--class \(text): expected \(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
            + (NameSuggestion.nearest(to: String(word), among: names).map {
              " (did you mean \($0)?)"
            } ?? ""))
      }
      classes.insert(accountClass)
    }
  }

  /// Adds a value of `--country`: a code, an English name, or a text with `*`.
  package mutating func addCountry(_ text: String) {
    countries.append(NamePattern(Country.code(of: text)))
  }

  /// Adds a value of `--login-type`: a label, an API value or a code of event logs, or a text with `*`.
  package mutating func addType(_ text: String) {
    types.append(NamePattern(LoginType.named(text)?.label ?? text))
  }

  /// Adds a value of `--sub-type`: as of `--login-type`.
  package mutating func addSubType(_ text: String) {
    subTypes.append(NamePattern(LoginSubType.named(text)?.label ?? text))
  }

  /// Adds a value of `--account`, or of what says the same elsewhere.
  package mutating func addAccount(
    _ text: String, of word: String = "--account"
  ) throws(UsageError) {
    do throws(AccountPatternError) {
      accounts.append(try AccountPattern(text))
    } catch {
      throw UsageError("\(word) \(text): \(error.detail)")
    }
  }

  /// Adds a value of `--ip`, or of what says the same elsewhere.
  package mutating func addNetwork(_ text: String, of word: String = "--ip") throws(UsageError) {
    do throws(NetworkPrefixError) {
      networks.append(try NetworkPrefix(text))
    } catch {
      throw UsageError(
        "\(word) \(text): \(error.detail)"
          + (error.network.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  /// Adds a value of `--id`.
  package mutating func addID(_ text: String) throws(UsageError) {
    guard let id = SalesforceID(text) else {
      throw UsageError("--id \(text): expected a login's Id of 15 or 18 letters and digits")
    }
    ids.insert(id)
  }

  /// Adds a value of `--at`.
  package mutating func addPlace(_ text: String) throws(UsageError) {
    guard let place = RowLocation(text) else {
      throw UsageError("--at \(text): expected FILE:LINE, as findings name it")
    }
    places.append(place)
  }
}
