import ArgumentParser

/// Options about tables for spreadsheets, the same on every verb that writes CSV.
struct TableOptions: ParsableArguments {
  @Flag(help: "Begin CSV with a byte order mark, by which Excel knows that it is UTF-8.")
  var csvBom = false
}
