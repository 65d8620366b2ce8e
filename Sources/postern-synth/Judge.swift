/// Writes down what a person's login is known to be, and what the verification export shows of it.
struct Judge {
  /// The options of the run.
  let options: SynthOptions

  /// Sets the basis of a successful human login and adds its verifications.
  func settle(_ row: inout LoginRow, verifications: inout [VerificationRow]) {
    guard row.door == .human, row.status == .success else { return }
    let isExported = options.exportsVerification(at: row.time)
    switch row.type {
    case .application:
      row.basis = direct(row, isExported, &verifications)
    case .lightningLogin:
      row.basis = .loginType
      if isExported && row.proof == .joined {
        row.basis = .sfVerification
        verifications.append(verification(row, policy: "LightningLogin", method: "LL"))
      }
    case .passkey, .certificate:
      row.basis = .loginType
    case .samlServiceProvider, .samlIdentityProvider, .thirdPartySSO:
      row.basis = row.word.basis
    case .appExchange, .helpAndTraining:
      row.basis = .insideSession
    case .remoteAccess, .remoteAccessClient:
      row.basis = .oauthConsent
    default:
      row.basis = .noSource
      if isExported && row.proof == .joined {
        // Text messages are an accepted method for external users.
        row.basis = .sfVerification
        verifications.append(verification(row, policy: "TwoFactorAuthentication", method: "Sms"))
      }
    }
  }

  private func direct(
    _ row: LoginRow, _ isExported: Bool, _ verifications: inout [VerificationRow]
  ) -> Basis {
    guard isExported else {
      return options.verification == .none ? .noSource : .notCovered
    }
    let methods = ["Totp", "SalesforceAuthenticator", "BuiltInAuthenticator", "U2F", "TempCode"]
    let method = methods[(row.account + Int(row.number % 3)) % methods.count]
    switch row.proof {
    case .none:
      return .sfNoVerification
    case .joined:
      verifications.append(
        verification(row, policy: "TwoFactorAuthentication", method: method))
      return .sfVerification
    case .joinedToRequired:
      var proof = verification(row, policy: "TwoFactorAuthentication", method: method)
      proof.login = row.requiredNumber
      verifications.append(proof)
      return .sfVerificationNearby
    case .identityByEmail, .identityBySMS:
      let method = row.proof == .identityByEmail ? "Email" : "Sms"
      verifications.append(verification(row, policy: "DeviceActivation", method: method))
      return .sfIdentityOnly
    case .failedFactor:
      var failure = verification(row, policy: "TwoFactorAuthentication", method: method)
      failure.status = "FailedInvalidCode"
      verifications.append(failure)
      return .sfNoVerification
    }
  }

  private func verification(_ row: LoginRow, policy: String, method: String) -> VerificationRow {
    var time = row.time - 3
    // A proof may not stand in the stretch that the export leaves out.
    if !options.exportsVerification(at: time) { time = row.time }
    return VerificationRow(
      time: time, account: row.account, login: row.number, policy: policy, activity: "Login",
      method: method, status: row.number % 11 == 0 ? "AutomatedSuccess" : "Succeeded",
      address: row.address)
  }
}
