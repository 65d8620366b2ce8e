/// Countries as ISO 3166-1 codes: exports write codes or English names, and both are compared.
///
/// Source of the names: the table `iso3166.tab` of the time zone database (public domain), with other
/// English names that are in use.
public enum Country {
  /// The code of two letters of a country, from such a code in any case or an English name; any other
  /// text as it is.
  public static func code(of text: String) -> String {
    if text.utf8.count == 2 {
      let code = text.uppercased()
      return codes.contains(code) ? code : byName[FoldedText(text)] ?? text
    }
    return text.isEmpty ? text : byName[FoldedText(text)] ?? text
  }

  /// Whether a text that ``code(of:)`` gives names no country: words of programs that could not tell one, and
  /// the codes that tables of addresses use for regions and proxies.
  ///
  /// ISO 3166-1 leaves AA, QM to QZ, XA to XZ and ZZ to their users, of which XK (Kosovo) is a country.
  public static func isNone(_ code: String) -> Bool {
    if code.isEmpty || noCountries.contains(FoldedText(code)) { return true }
    let bytes = Array(code.uppercased().utf8)
    guard bytes.count == 2, code.uppercased() != "XK" else { return false }
    let (first, second) = (bytes[0], bytes[1])
    let areLetters = bytes.allSatisfy { (0x41...0x5A).contains($0) }
    return !areLetters || first == 0x58 || first == 0x51 && second >= 0x4D && second != 0x41
      || first == second && (first == 0x41 || first == 0x5A)
  }

  private static let noCountries: Set<FoldedText> = Set(
    [
      "unknown", "unavailable", "not available", "not applicable", "not set", "unspecified",
      "undetermined",
      "other", "anonymous proxy", "anonymous", "satellite provider", "reserved", "private",
      "localhost", "EU",
      "AP", "A1", "A2", "O1", "T1",
    ].map { FoldedText($0) })

  private static let entries: [(code: String, names: [Substring])] = table.split(separator: "\n")
    .map { line in
      let parts = line.split(separator: "|")
      return (String(parts[0]), Array(parts.dropFirst()))
    }

  private static let codes = Set(entries.map(\.code))

  private static let byName: [FoldedText: String] = {
    var table: [FoldedText: String] = [:]
    for (code, names) in entries {
      for name in names { table[FoldedText(name)] = code }
    }
    return table
  }()

  private static let table = """
    AD|Andorra
    AE|United Arab Emirates|UAE
    AF|Afghanistan
    AG|Antigua & Barbuda|Antigua and Barbuda
    AI|Anguilla
    AL|Albania
    AM|Armenia
    AO|Angola
    AQ|Antarctica
    AR|Argentina
    AS|American Samoa
    AT|Austria
    AU|Australia
    AW|Aruba
    AX|Åland Islands|Aland Islands
    AZ|Azerbaijan
    BA|Bosnia & Herzegovina|Bosnia and Herzegovina
    BB|Barbados
    BD|Bangladesh
    BE|Belgium
    BF|Burkina Faso
    BG|Bulgaria
    BH|Bahrain
    BI|Burundi
    BJ|Benin
    BL|St Barthelemy|Saint Barthelemy|Saint Barthélemy|St. Barthélemy
    BM|Bermuda
    BN|Brunei|Brunei Darussalam
    BO|Bolivia|Bolivia, Plurinational State of
    BQ|Caribbean NL|Caribbean Netherlands|Bonaire, Sint Eustatius and Saba
    BR|Brazil
    BS|Bahamas|The Bahamas
    BT|Bhutan
    BV|Bouvet Island
    BW|Botswana
    BY|Belarus
    BZ|Belize
    CA|Canada
    CC|Cocos (Keeling) Islands|Cocos Islands
    CD|Congo (Dem. Rep.)|Congo, The Democratic Republic of the|Democratic Republic of the Congo|DR Congo|Congo-Kinshasa|Congo, Democratic Republic of the
    CF|Central African Rep.|Central African Republic
    CG|Congo (Rep.)|Congo|Republic of the Congo|Congo-Brazzaville
    CH|Switzerland
    CI|Côte d'Ivoire|Ivory Coast|Cote d'Ivoire|Côte d’Ivoire|Cote d’Ivoire
    CK|Cook Islands
    CL|Chile
    CM|Cameroon
    CN|China
    CO|Colombia
    CR|Costa Rica
    CU|Cuba
    CV|Cape Verde|Cabo Verde
    CW|Curaçao|Curacao
    CX|Christmas Island
    CY|Cyprus
    CZ|Czech Republic|Czechia
    DE|Germany
    DJ|Djibouti
    DK|Denmark
    DM|Dominica
    DO|Dominican Republic
    DZ|Algeria
    EC|Ecuador
    EE|Estonia
    EG|Egypt
    EH|Western Sahara
    ER|Eritrea
    ES|Spain
    ET|Ethiopia
    FI|Finland
    FJ|Fiji
    FK|Falkland Islands|Falkland Islands (Malvinas)
    FM|Micronesia|Micronesia, Federated States of
    FO|Faroe Islands
    FR|France
    GA|Gabon
    GB|Britain (UK)|Britain|United Kingdom|Great Britain|UK|United Kingdom of Great Britain and Northern Ireland
    GD|Grenada
    GE|Georgia
    GF|French Guiana
    GG|Guernsey
    GH|Ghana
    GI|Gibraltar
    GL|Greenland
    GM|Gambia|The Gambia
    GN|Guinea
    GP|Guadeloupe
    GQ|Equatorial Guinea
    GR|Greece
    GS|South Georgia & the South Sandwich Islands|South Georgia and the South Sandwich Islands
    GT|Guatemala
    GU|Guam
    GW|Guinea-Bissau
    GY|Guyana
    HK|Hong Kong|Hong Kong SAR|Hong Kong SAR China
    HM|Heard Island & McDonald Islands|Heard Island and McDonald Islands
    HN|Honduras
    HR|Croatia
    HT|Haiti
    HU|Hungary
    ID|Indonesia
    IE|Ireland|Republic of Ireland
    IL|Israel
    IM|Isle of Man
    IN|India
    IO|British Indian Ocean Territory
    IQ|Iraq
    IR|Iran|Iran, Islamic Republic of|Islamic Republic of Iran
    IS|Iceland
    IT|Italy
    JE|Jersey
    JM|Jamaica
    JO|Jordan
    JP|Japan
    KE|Kenya
    KG|Kyrgyzstan|Kyrgyz Republic
    KH|Cambodia
    KI|Kiribati
    KM|Comoros
    KN|St Kitts & Nevis|Saint Kitts and Nevis
    KP|Korea (North)|North Korea|Korea, Democratic People's Republic of
    KR|Korea (South)|South Korea|Korea, Republic of|Republic of Korea
    KW|Kuwait
    KY|Cayman Islands
    KZ|Kazakhstan
    LA|Laos|Lao People's Democratic Republic
    LB|Lebanon
    LC|St Lucia|Saint Lucia
    LI|Liechtenstein
    LK|Sri Lanka
    LR|Liberia
    LS|Lesotho
    LT|Lithuania
    LU|Luxembourg
    LV|Latvia
    LY|Libya
    MA|Morocco
    MC|Monaco
    MD|Moldova|Moldova, Republic of|Republic of Moldova
    ME|Montenegro
    MF|St Martin (French)|Saint Martin|Saint Martin (French part)
    MG|Madagascar
    MH|Marshall Islands
    MK|North Macedonia|Macedonia|The former Yugoslav Republic of Macedonia|Republic of North Macedonia
    ML|Mali
    MM|Myanmar (Burma)|Myanmar|Burma
    MN|Mongolia
    MO|Macau|Macao|Macao SAR China|Macau SAR|Macao SAR
    MP|Northern Mariana Islands
    MQ|Martinique
    MR|Mauritania
    MS|Montserrat
    MT|Malta
    MU|Mauritius
    MV|Maldives
    MW|Malawi
    MX|Mexico
    MY|Malaysia
    MZ|Mozambique
    NA|Namibia
    NC|New Caledonia
    NE|Niger
    NF|Norfolk Island
    NG|Nigeria
    NI|Nicaragua
    NL|Netherlands|The Netherlands|Holland
    NO|Norway
    NP|Nepal
    NR|Nauru
    NU|Niue
    NZ|New Zealand
    OM|Oman
    PA|Panama
    PE|Peru
    PF|French Polynesia
    PG|Papua New Guinea
    PH|Philippines
    PK|Pakistan
    PL|Poland
    PM|St Pierre & Miquelon|Saint Pierre and Miquelon
    PN|Pitcairn
    PR|Puerto Rico
    PS|Palestine|Palestinian Territory|Palestinian Territory, Occupied|Palestine, State of|State of Palestine|Palestinian Territories
    PT|Portugal
    PW|Palau
    PY|Paraguay
    QA|Qatar
    RE|Réunion|Reunion
    RO|Romania
    RS|Serbia
    RU|Russia|Russian Federation
    RW|Rwanda
    SA|Saudi Arabia
    SB|Solomon Islands
    SC|Seychelles
    SD|Sudan
    SE|Sweden
    SG|Singapore
    SH|St Helena|Saint Helena|Saint Helena, Ascension and Tristan da Cunha
    SI|Slovenia
    SJ|Svalbard & Jan Mayen|Svalbard and Jan Mayen
    SK|Slovakia|Slovak Republic
    SL|Sierra Leone
    SM|San Marino
    SN|Senegal
    SO|Somalia
    SR|Suriname
    SS|South Sudan
    ST|Sao Tome & Principe|Sao Tome and Principe
    SV|El Salvador
    SX|St Maarten (Dutch)|Sint Maarten|Sint Maarten (Dutch part)
    SY|Syria|Syrian Arab Republic
    SZ|Eswatini (Swaziland)|Eswatini|Swaziland
    TC|Turks & Caicos Is|Turks and Caicos Islands
    TD|Chad
    TF|French S. Terr.|French Southern Territories
    TG|Togo
    TH|Thailand
    TJ|Tajikistan
    TK|Tokelau
    TL|East Timor|Timor-Leste
    TM|Turkmenistan
    TN|Tunisia
    TO|Tonga
    TR|Turkey|Turkiye|Türkiye
    TT|Trinidad & Tobago|Trinidad and Tobago
    TV|Tuvalu
    TW|Taiwan|Taiwan, Province of China
    TZ|Tanzania|Tanzania, United Republic of
    UA|Ukraine
    UG|Uganda
    UM|US minor outlying islands|United States Minor Outlying Islands
    US|United States|United States of America|USA
    UY|Uruguay
    UZ|Uzbekistan
    VA|Vatican City|Holy See|Holy See (Vatican City State)
    VC|St Vincent|Saint Vincent and the Grenadines
    VE|Venezuela|Venezuela, Bolivarian Republic of
    VG|Virgin Islands (UK)|British Virgin Islands|Virgin Islands, British
    VI|Virgin Islands (US)|U.S. Virgin Islands|Virgin Islands, U.S.
    VN|Vietnam|Viet Nam
    VU|Vanuatu
    WF|Wallis & Futuna|Wallis and Futuna
    WS|Samoa (western)|Samoa
    XK|Kosovo
    YE|Yemen
    YT|Mayotte
    ZA|South Africa
    ZM|Zambia
    ZW|Zimbabwe
    """
}
