import Accounts
import Platform
import Results
import SalesforceExports

/// The applications of a run: what one asks first when a vendor is breached.
struct ApplicationTable {
  /// Accounts and networks that are named of each.
  private static let nameLimit = 6

  let applications: Shortlist<ApplicationOrder, ApplicationRecord>
  /// Keys of the accounts that have a panel.
  let panels: Set<ExactText>

  /// The section's content.
  var markup: Markup {
    guard applications.offered > 0 else {
      return "<p class=lead>No login of these inputs names an application.</p>"
    }
    let rest = applications.rest
    return """
      <p class=lead>What logs in, without the version of the client: what is new or woke up first, then \
      what most accounts share. One that is breached at its vendor is looked up here.</p>\
      <div class="card scroll" tabindex=0 role=region aria-label="Applications"><table>\
      <thead><tr><th scope=col>Application<th scope=col>Stands out<th scope=col>Accounts\
      <th scope=col class=r>API logins<th scope=col class=r>Human<th scope=col class=r>Failed\
      <th scope=col>Networks<th scope=col>Countries<th scope=col>First<th scope=col>Last\
      <tbody>\(applications.elements.map(row).joined())</table></div>\
      \(rest > 0 ? "<p>and \(rest) more: postern apps, or -o csv-applications</p>" : Markup())
      """
  }

  private func row(_ application: ApplicationRecord) -> Markup {
    """
    <tr><th scope=row>\(application.name)<td>\(states(application))\
    <td>\(accounts(application))<td class=r>\(application.logins.api.succeeded)\
    <td class=r>\(application.logins.human.succeeded)<td class=r>\(application.logins.total.failed)\
    <td>\(networks(application))<td>\(countries(application))\
    <td class=nw>\(FigureText.date(application.first))<td class=nw>\(FigureText.date(application.last))
    """
  }

  private func states(_ application: ApplicationRecord) -> Markup {
    application.states.map { state -> Markup in
      switch state {
      case .new: "<b class=medium>new to the org</b>"
      case .woken: "<b class=medium>woke up</b>"
      case .dormant: "dormant"
      case .shared: "shared"
      case .refused: "never let in"
      }
    }.joined("<br>")
  }

  private func accounts(_ application: ApplicationRecord) -> Markup {
    let shown = application.accounts.prefix(Self.nameLimit).map { account -> Markup in
      panels.contains(account.key)
        ? "<a href=#\(PageAnchor.account(account.key))>\(name: account.shownName)</a>"
        : "\(name: account.shownName)"
    }
    return shown.joined("<br>")
      + more(application.accountsTotal - shown.count)
  }

  private func networks(_ application: ApplicationRecord) -> Markup {
    // New ones before the others.
    let sorted =
      application.networks.filter(\.isNew) + application.networks.filter { !$0.isNew }
    let shown = sorted.prefix(Self.nameLimit).map { network -> Markup in
      network.isNew
        ? "<b class=medium>\(network.name)</b> since \(FigureText.date(network.first))"
        : "\(network.name)"
    }
    return shown.joined("<br>") + more(application.networksTotal - shown.count)
  }

  private func countries(_ application: ApplicationRecord) -> Markup {
    let names = application.byCountry.entries.map(\.name).filter { !$0.isEmpty }
    return "\(names.prefix(Self.nameLimit).joined(separator: ", "))"
      + more(names.count - Self.nameLimit)
  }

  private func more(_ count: Int) -> Markup {
    count > 0 ? "<br><span class=soft>and \(count) more</span>" : Markup()
  }
}
