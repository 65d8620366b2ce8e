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
    AX|Åland Islands
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
    BL|St Barthelemy
    BM|Bermuda
    BN|Brunei|Brunei Darussalam
    BO|Bolivia|Bolivia, Plurinational State of
    BQ|Caribbean NL
    BR|Brazil
    BS|Bahamas
    BT|Bhutan
    BV|Bouvet Island
    BW|Botswana
    BY|Belarus
    BZ|Belize
    CA|Canada
    CC|Cocos (Keeling) Islands|Cocos Islands
    CD|Congo (Dem. Rep.)|Congo, The Democratic Republic of the|Democratic Republic of the Congo
    CF|Central African Rep.
    CG|Congo (Rep.)
    CH|Switzerland
    CI|Côte d'Ivoire|Ivory Coast
    CK|Cook Islands
    CL|Chile
    CM|Cameroon
    CN|China
    CO|Colombia
    CR|Costa Rica
    CU|Cuba
    CV|Cape Verde|Cabo Verde
    CW|Curaçao
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
    FK|Falkland Islands
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
    GM|Gambia
    GN|Guinea
    GP|Guadeloupe
    GQ|Equatorial Guinea
    GR|Greece
    GS|South Georgia & the South Sandwich Islands
    GT|Guatemala
    GU|Guam
    GW|Guinea-Bissau
    GY|Guyana
    HK|Hong Kong|Hong Kong SAR
    HM|Heard Island & McDonald Islands
    HN|Honduras
    HR|Croatia
    HT|Haiti
    HU|Hungary
    ID|Indonesia
    IE|Ireland
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
    KG|Kyrgyzstan
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
    MD|Moldova|Moldova, Republic of
    ME|Montenegro
    MF|St Martin (French)|Saint Martin|Saint Martin (French part)
    MG|Madagascar
    MH|Marshall Islands
    MK|North Macedonia|Macedonia|The former Yugoslav Republic of Macedonia
    ML|Mali
    MM|Myanmar (Burma)|Myanmar|Burma
    MN|Mongolia
    MO|Macau|Macao
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
    PM|St Pierre & Miquelon
    PN|Pitcairn
    PR|Puerto Rico
    PS|Palestine|Palestinian Territory|Palestinian Territory, Occupied
    PT|Portugal
    PW|Palau
    PY|Paraguay
    QA|Qatar
    RE|Réunion
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
    SH|St Helena
    SI|Slovenia
    SJ|Svalbard & Jan Mayen
    SK|Slovakia
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
    TC|Turks & Caicos Is
    TD|Chad
    TF|French S. Terr.
    TG|Togo
    TH|Thailand
    TJ|Tajikistan
    TK|Tokelau
    TL|East Timor|Timor-Leste
    TM|Turkmenistan
    TN|Tunisia
    TO|Tonga
    TR|Turkey|Turkiye
    TT|Trinidad & Tobago|Trinidad and Tobago
    TV|Tuvalu
    TW|Taiwan|Taiwan, Province of China
    TZ|Tanzania|Tanzania, United Republic of
    UA|Ukraine
    UG|Uganda
    UM|US minor outlying islands
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
    WF|Wallis & Futuna
    WS|Samoa (western)|Samoa
    YE|Yemen
    YT|Mayotte
    ZA|South Africa
    ZM|Zambia
    ZW|Zimbabwe
    """
}
