# Counts of each account by class and outcome, from LoginHistory rows whose fields are all quoted.
# mawk -F '","' -v HUMAN='a|b' -v API='a|b' -v OAUTH='a|b' -v CONSENT='a|b' -v PENDING='a|b'
function fill(set, text, parts, n, i) {
  n = split(text, parts, "[|]")
  for (i = 1; i <= n; i++) set[parts[i]] = 1
}
BEGIN {
  fill(human, HUMAN); fill(api, API); fill(oauth, OAUTH); fill(consent, CONSENT)
  fill(pending, PENDING)
}
NR > 1 {
  if ($4 in human) class = "human"
  else if ($4 in api) class = "api"
  else if ($4 in oauth) class = $5 in consent ? "human" : "api"
  else class = "unclassified"
  outcome = $6 == "Success" ? "succeeded" : $6 in pending ? "pending" : "failed"
  count[$2 "," class "_" outcome]++
}
END {
  print "account,count,logins"
  for (key in count) print key "," count[key]
}
