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
    <th scope=col class=w3>Privileges<th scope=col class=w4>MFA proven\
    <th scope=col class=w4>MFA absent<th scope=col class=w4>MFA unknown\
    <th scope=col class=w5>API logins<th scope=col class=w6>Failed\
    <th scope=col class=w9>Last human login<th scope=col class=w10>Findings\
    <th scope=col class=w11>API retires<tbody class=all>\
    \(rows)</table></div>\(pager)\
    <p><small>\(PrivilegeText.legend) MFA columns count successful human logins. The last column \
    is the earliest retirement that concerns the account’s API logins.</small></p>
    """
  }

  private var tools: Markup {
    let options = AccountClass.allCases.filter(classes.contains).map {
      "<option>\($0.shownName)" as Markup
    }.joined()
    return """
      <div class=tools role=search><label class=grow>Search accounts, rules, dates\
      <input type=search id=q autocomplete=off spellcheck=false></label>\
      <label>Class<select id=kind><option value="">all\(options)</select></label>\
      <label>Show<select id=show><option value=any>all accounts\
      <option value=findings>with findings above info<option value=human>with human logins\
      <option value=absent>with MFA absent<option value=unknown>with MFA unknown\
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
