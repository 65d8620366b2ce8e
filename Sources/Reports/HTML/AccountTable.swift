import Accounts
import SalesforceExports

/// The table of all accounts: one short row each, whatever their number.
struct AccountTable {
  /// All rows.
  let rows: Markup
  /// Classes that some account has.
  let classes: Set<AccountClass>

  /// The section's content.
  var markup: Markup {
    """
    \(tools)<div class="card scroll" tabindex=0 role=region aria-label="All accounts">\
    <table class=acc><caption class=vh>All accounts, those to look at first on top</caption>\
    <thead><tr><th scope=col class=w1>Account<th scope=col class=w2>Class\
    <th scope=col class=w3>Privileges<th scope=col class=w4>MFA: yes\
    <th scope=col class=w4>MFA: no<th scope=col class=w4>Cannot be told\
    <th scope=col class=w5>API logins<th scope=col class=w6>Failed\
    <th scope=col class=w9>Last human login<th scope=col class=w10>Findings\
    <th scope=col class=w11>API retires<tbody class=all>\
    \(rows)</table></div>\(pager)\
    <p><small>The MFA columns count successful human logins. The last column is the earliest \
    retirement that concerns the account’s API logins. The search knows names, usernames, Ids, rules, \
    applications, and of each account the addresses that people used and those it used most; \
    <code>postern events --ip</code> knows all.</small></p>
    """
  }

  private var tools: Markup {
    let options = AccountClass.allCases.filter(classes.contains).map {
      "<option>\($0.shownName)" as Markup
    }.joined()
    return """
      <div class=tools role=search><label class=grow>Search names, addresses, applications, rules\
      <input type=search id=q autocomplete=off spellcheck=false></label>\
      <label>Class<select id=kind><option value="">all\(options)</select></label>\
      <label>Show<select id=show><option value=any>all accounts\
      <option value=findings>with findings above info<option value=human>with human logins\
      <option value=absent>with logins without MFA\
      <option value=unknown>with logins that cannot be told\
      <option value=privileged>privileged<option value=outlook>on a retiring API\
      </select></label></div>
      """
  }

  private var pager: Markup {
    """
    <div class=pager><button type=button id=back>Previous</button>\
    <button type=button id=next>Next</button><span id=place role=status></span>\
    <label>Rows a page <select id=size><option>50<option>200<option>1000\
    <option value=all>all</select></label></div>
    """
  }
}
