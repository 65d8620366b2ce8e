/// The style sheet of the report.
///
/// Colours are variables, set once for light, dark and paper; each meets 4.5 : 1 against its ground.
/// What a colour says, a word or a pattern says too.
enum ReportStyle {
  /// The text between the style tags; the page names its digest.
  static let text: StaticString = #"""
    :root{color-scheme:light dark;--paper:#faf9f6;--card:#fff;--ink:#1d2530;--soft:#58616e;
      --line:#e2e0d9;--line2:#cfccc2;--link:#1f5a8c;--sel:#e8eef4;--proven:#2a6f97;
      --absent:#c2410c;--unknown:#8b929c;--api:#5b6f8f;--fail:#a3470f;--crit:#8d1f2d;
      --critbg:#8d1f2d;--high:#a3330b;--med:#7a5200;--low:#355f7c;--ok:#1d6b4f;--okbg:#e9f3ee;
      --warn:#8d1f2d;--warnbg:#fbeeee;--h0:#efede6;--h1:#c6d8e4;--h2:#8fb4cb;--h3:#4f87aa;
      --h4:#1f567c;--code:#f2f0ea;--shade:#1d253033}
    @media(prefers-color-scheme:dark){
      :root{--paper:#14181d;--card:#1b2027;--ink:#e4e7eb;--soft:#a2abb7;--line:#2d343d;
        --line2:#434c58;--link:#8fc1ea;--sel:#26303b;--proven:#6cb3dc;--absent:#f08a5d;
        --unknown:#8d96a3;--api:#8ba3c7;--fail:#e0a070;--crit:#ff9aa6;--critbg:#7d2431;
        --high:#ff9f78;--med:#e6bd6a;--low:#93bfdb;--ok:#7fcfae;--okbg:#182b24;--warn:#ff9aa6;
        --warnbg:#331c21;--h0:#232a32;--h1:#24425a;--h2:#2f6488;--h3:#5495bf;--h4:#a5d4f2;
        --code:#232930;--shade:#000b}
    }
    *{box-sizing:border-box}
    html{scroll-padding-top:4.6rem;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 Inter,"Segoe UI",
      system-ui,-apple-system,"Helvetica Neue",Arial,"Noto Sans",sans-serif;
      font-variant-numeric:tabular-nums}
    h1,h2,h3,h4{line-height:1.25;text-wrap:balance;margin:0}
    h1{white-space:nowrap;font-size:1.1rem;font-weight:650;letter-spacing:-.005em}
    h2{font-size:1.4rem;font-weight:650;letter-spacing:-.015em;margin:0 0 .3rem}
    h3{font-size:1rem;font-weight:650;margin:1.6rem 0 .5rem}
    h4{font-size:.78rem;font-weight:650;letter-spacing:.02em;color:var(--soft);
      margin:1.1rem 0 .35rem}
    p{margin:.4rem 0;max-width:72ch}
    a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.07em}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
    code,kbd,.mono{font:.86em/1.5 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,
      "DejaVu Sans Mono",monospace}
    .skip{position:absolute;left:-99rem}
    .skip:focus{left:1rem;top:.6rem;background:var(--card);padding:.4rem .8rem;z-index:9}
    main,.bar>div{max-width:76rem;margin:0 auto;padding:0 1.5rem}
    .bar{position:sticky;top:0;z-index:5;background:var(--paper);
      border-bottom:1px solid var(--line)}
    .bar>div{display:flex;gap:1.4rem;align-items:center;min-height:3rem}
    .bar nav{display:flex;flex-wrap:wrap;justify-content:end;gap:0 .95rem;margin-left:auto;
      white-space:nowrap;padding:.25rem 0}
    .bar nav a{color:var(--soft);text-decoration:none;font-size:.84rem;padding:.12rem 0}
    .bar nav a:hover{color:var(--ink);text-decoration:underline}
    section{padding:2.8rem 0 0}
    #verdict{padding-top:1.2rem}
    .card>:last-child,.card>:last-child>:last-child{margin-bottom:0}
    h2+.card,h2+figure,h2+.tiles{margin-top:.8rem}
    .lead{color:var(--soft);margin:0 0 1rem}
    .card{background:var(--card);border:1px solid var(--line);border-radius:10px;
      padding:1.1rem 1.3rem}
    .verdict{display:grid;grid-template-columns:minmax(0,1.75fr) minmax(0,1fr);gap:1rem;
      margin-top:.9rem;align-items:start}
    .verdict h2{font-size:1.9rem;font-weight:680;letter-spacing:-.025em;line-height:1.18;
      margin:0 0 .5rem}
    .first{list-style:none;margin:1.1rem 0 0;padding:0}
    .first li{display:grid;grid-template-columns:4.6rem minmax(0,1fr);gap:.05rem .6rem;
      align-items:baseline;padding:.38rem 0;border-top:1px solid var(--line)}
    .first .tag{justify-self:start}
    .first small{display:block;color:var(--soft)}
    .first.in li{grid-template-columns:8.2rem minmax(0,1fr)}
    .first div{min-width:0;overflow-wrap:anywhere}
    .verdict.gaps{grid-template-columns:minmax(0,1fr) minmax(0,1.75fr)}
    .verdict .first{margin-top:.4rem}
    .verdict .first.in{margin-top:1.1rem}
    .untold{margin:1rem 0 0}
    .untold h3{margin:0}
    .untold ul{margin:.5rem 0 0;padding:0;list-style:none;display:grid;gap:.8rem 2rem;
      grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr))}
    .untold small{display:block}
    .untold summary{color:var(--link);font-size:.84rem}
    .light dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.1rem .9rem;
      margin:.9rem 0 0;font-size:.88rem}
    .light dt{color:var(--soft)}
    .light dd{margin:0}
    .light{border-left:4px solid var(--ok);background:var(--okbg);border-radius:6px 10px 10px 6px;
      padding:1rem 1.2rem}
    .light.part{border-left-color:var(--warn);background:var(--warnbg)}
    .light b{font-size:1rem}
    .light ul{margin:.4rem 0 0;padding-left:1.1rem;overflow-wrap:anywhere}
    .sum{width:auto;margin:.7rem 0 0;font-size:.9rem}
    .sum th,.sum td{padding:.05rem .7rem .05rem 0;border:0;font-weight:400}
    .sum td{text-align:right}
    .sum tr:last-child>*{border-top:1px solid var(--line2);font-weight:620}
    .sevs{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;list-style:none;margin:1rem 0 0;padding:0}
    .sevs li{display:flex;align-items:baseline;gap:.45rem;font-size:.9rem;color:var(--soft)}
    .sevs b{font-size:1.5rem;font-weight:640;color:var(--ink);letter-spacing:-.02em}
    .sevs .none b{font-weight:400;color:inherit}
    .here{color:var(--soft);font-size:.8rem;text-decoration:none}
    .here:hover{text-decoration:underline}
    .body>.here{float:right;margin-top:.5rem}
    .do{margin:.2rem 0 .4rem;padding-left:1.4rem;max-width:96ch}
    .do li{padding:.15rem 0}
    .tag{display:inline-block;font-size:.76rem;font-weight:620;line-height:1.45;padding:0 .45em;
      border-radius:4px;border:1px solid currentColor;white-space:nowrap}
    .critical{color:var(--crit)}
    .high{color:var(--high)}
    .medium{color:var(--med)}
    .low{color:var(--low)}
    .info,.unknown{color:var(--soft)}
    .tag.critical{color:#fff;background:var(--critbg);border-color:var(--critbg)}
    .tag.high{border-width:2px}
    .tag.unknown,.tag.info{border-style:dashed}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.9rem;
      margin-top:1rem}
    .tile{background:var(--card);border:1px solid var(--line);border-radius:10px;
      padding:.95rem 1.1rem 1rem}
    .tile h3{font-size:.86rem;font-weight:560;color:var(--soft);margin:0}
    .tile .n{display:block;font-size:2rem;font-weight:640;letter-spacing:-.03em;line-height:1.25}
    .tile p{font-size:.84rem;color:var(--soft);margin:.15rem 0 0}
    .tile svg{display:block;width:100%;height:12px;margin:.35rem 0 .3rem}
    .scroll{overflow-x:auto;border-radius:10px}
    .scroll,.e,.cols>div{--ground:var(--card);scrollbar-width:thin;
      background:linear-gradient(to right,var(--ground) 40%,transparent) 0 0/3rem 100% no-repeat local,
      linear-gradient(to left,var(--ground) 40%,transparent) 100% 0/3rem 100% no-repeat local,
      linear-gradient(to right,var(--shade),transparent) 0 0/1rem 100% no-repeat scroll,
      linear-gradient(to left,var(--shade),transparent) 100% 0/1rem 100% no-repeat scroll;
      background-color:var(--ground)}
    .e,.cols>div{--ground:var(--paper)}
    .panel .e,.panel .cols>div,.card .cols>div{--ground:var(--card)}
    .card.scroll{padding:0}
    table{border-collapse:collapse;width:100%;font-size:.88rem}
    caption{text-align:left;color:var(--soft);font-size:.84rem;padding:.2rem 0 .4rem}
    th,td{text-align:left;padding:.42rem .7rem;vertical-align:top;
      border-bottom:1px solid var(--line);overflow-wrap:break-word;max-width:28rem}
    thead th{font-size:.78rem;font-weight:600;color:var(--soft);white-space:nowrap;
      border-bottom:1px solid var(--line2);vertical-align:bottom}
    tbody th{font-weight:500}
    tr:last-child>td,tr:last-child>th{border-bottom:0}
    .r,.n-{text-align:right;white-space:nowrap}
    .nw{white-space:nowrap}
    .bars td,.bars th{vertical-align:middle;padding:.3rem .5rem .3rem 0}
    small,.soft{color:var(--soft)}
    small{font-size:.84em}
    .hash{font-size:.7rem;color:var(--soft);word-break:break-all;line-height:1.35}
    pre{margin:.35rem 0;padding:.6rem .8rem;background:var(--code);border-radius:6px;
      white-space:pre-wrap;overflow-wrap:anywhere;font:.82rem/1.5 ui-monospace,"SF Mono",Menlo,
      Consolas,"DejaVu Sans Mono",monospace}
    pre{user-select:all}
    details>summary{cursor:pointer}
    .check{display:flex!important;align-items:center;gap:.4rem!important}
    .check input{min-height:0;width:1rem;height:1rem;margin:0;accent-color:var(--link)}
    .tools button{font-size:.86rem}
    .figure,figure{margin:0}
    .wide{width:34%}
    details.more{margin:.3rem 0 .6rem}
    details.more>summary{color:var(--link);font-size:.88rem;width:fit-content}
    .chart,.strip{min-width:44rem}
    .chart svg,.strip svg{display:block;width:100%;height:auto}
    svg text{font-size:11px;fill:var(--soft);font-family:inherit}
    .grid{stroke:var(--line);stroke-width:1}
    .axis{stroke:var(--line2);stroke-width:1}
    .f-proven{fill:var(--proven)}
    .f-absent{fill:var(--absent)}
    .f-unknown{fill:url(#hatch)}
    .f-api{fill:var(--api)}
    .f-failed{fill:url(#cross)}
    .o-unknown{fill:none;stroke:var(--unknown);stroke-width:.6}
    .hatch-bg{fill:var(--card)}
    .hatch-line{stroke:var(--unknown);stroke-width:1.6}
    .cross-line{stroke:var(--fail);stroke-width:1.3}
    .cursor{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 2;visibility:hidden}
    .s1{stroke:var(--h1)}
    .s2{stroke:var(--h2)}
    .s3{stroke:var(--h3)}
    .s4{stroke:var(--h4)}
    .s0{stroke:var(--h0)}
    .c1{fill:var(--h1)}
    .c2{fill:var(--h2)}
    .c3{fill:var(--h3)}
    .c4{fill:var(--h4)}
    .c0{fill:url(#hatch)}
    .c0o{fill:none;stroke:var(--absent);stroke-width:.8}
    .cgap{fill:none;stroke:var(--absent);stroke-width:1.4}
    .legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;margin:0 0 .5rem;
      padding:0;font-size:.86rem;color:var(--soft)}
    .legend svg{width:14px;height:14px;vertical-align:-.12em;margin-right:.4em;
      display:inline-block}
    .legend b{color:var(--ink);font-weight:600}
    .read{min-height:1.4em;font-size:.86rem;color:var(--soft);margin:.1rem 0}
    .tools{display:none;flex-wrap:wrap;gap:.6rem .9rem;align-items:end;margin:.6rem 0 .8rem}
    .js .tools{display:flex}
    .tools label{display:grid;gap:.15rem;font-size:.8rem;color:var(--soft)}
    .tools .grow{flex:1 1 16rem}
    input,select,button{font:inherit;color:inherit;background:var(--card);
      border:1px solid var(--line2);border-radius:6px;padding:.36rem .6rem;min-height:2.2rem}
    input[type=search]{width:100%}
    button{cursor:pointer}
    button:hover:not(:disabled){background:var(--sel)}
    button:disabled{opacity:.45;cursor:default}
    .acc{table-layout:fixed;min-width:66rem}
    .acc td{overflow-wrap:anywhere;padding:.38rem .55rem}
    .acc th{padding:.42rem .55rem;white-space:normal;line-height:1.3}
    .acc td:nth-child(n+4):nth-child(-n+8),.acc th:nth-child(n+4):nth-child(-n+8){
      text-align:right}
    .acc i{display:block;font-style:normal;font-size:.76rem;color:var(--soft)}
    .acc td:nth-child(9),.acc td:nth-child(11){white-space:nowrap}
    .acc em{display:block;font-style:normal;font-size:.8rem}
    .rows td{min-width:6.5rem}
    .rows td:first-child{white-space:nowrap}
    .rows td:nth-child(5){min-width:13rem}
    .rows small{display:block}
    .acc b{font-weight:620}
    .js .acc tbody.all{display:none}
    .acc th button{all:unset;cursor:pointer;border-radius:3px}
    .acc th button:hover{color:var(--ink);text-decoration:underline}
    .acc th button:focus-visible{outline:2px solid var(--link);outline-offset:2px}
    .acc th[aria-sort] button{color:var(--ink)}
    .acc th[aria-sort=ascending] button::after{content:" ↑"}
    .acc th[aria-sort=descending] button::after{content:" ↓"}
    .acc tbody tr:hover,.hov tbody tr:hover{background:var(--sel)}
    .acc u{white-space:nowrap;text-decoration:none}
    .acc thead th{font-size:.74rem;font-variant-numeric:normal}
    .w1{width:20%}
    .w2{width:8.5%}
    .w3{width:9.5%}
    .w4{width:5.6%}
    .w5{width:6%}
    .w6{width:5.2%}
    .w9{width:8.6%}
    .w10{width:16.4%}
    .w11{width:9%}
    .pager{display:none;gap:.5rem;align-items:center;margin:.7rem 0;font-size:.88rem;
      color:var(--soft)}
    .js .pager{display:flex;flex-wrap:wrap}
    .panel{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:.5rem 0;
      }
    .panel>summary{padding:.65rem 1.1rem;display:flex;flex-wrap:wrap;gap:.2rem .7rem;
      align-items:baseline;border-radius:10px}
    .panel>summary::-webkit-details-marker{display:none}
    .panel>summary::before{content:"";width:.45em;height:.45em;border:solid var(--soft);
      border-width:0 .12em .12em 0;transform:rotate(-45deg) translateY(-.15em);flex:none}
    .panel[open]>summary::before{transform:rotate(45deg) translate(-.1em,-.1em)}
    .panel[open]>summary{border-bottom:1px solid var(--line);border-radius:10px 10px 0 0}
    .panel>summary:hover{background:var(--sel)}
    .panel>summary b{font-weight:620;overflow-wrap:anywhere}
    .panel>summary>small{margin-left:auto}
    .body{padding:.4rem 1.3rem 1.3rem;scroll-margin-top:7rem}
    .cols{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));
      gap:0 2.2rem}
    .v td:nth-child(n+2),.u td{white-space:nowrap}
    .v td:nth-child(n+4),.v th:nth-child(n+4),.u td:nth-child(n+2),.u th:nth-child(n+2){
      text-align:right}
    .e{overflow-x:auto}
    .find td:first-child{white-space:nowrap}
    .cols.three{grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr))}
    .cols>div{overflow-x:auto;min-width:0}
    .cols table{font-size:.84rem}
    .cols td,.cols th{padding:.26rem .5rem .26rem 0}
    .heat{width:100%;max-width:34rem;height:auto;display:block}
    .heat path,#hm path{stroke-width:.86;fill:none;stroke-dasharray:.9 .1}
    #hl text{font-size:6.4px;fill:var(--soft)}
    .find{border-top:1px solid var(--line);padding:.7rem 0 .3rem;margin-top:.8rem}
    .find>p:first-child{display:flex;flex-wrap:wrap;gap:.15rem .6rem;align-items:baseline;
      margin:0 0 .2rem;max-width:none}
    .find>p b{font-weight:620}
    .find ul,.plain{margin:.2rem 0;padding-left:1.1rem}
    .rule{border-top:1px solid var(--line);padding:1.3rem 0 .6rem;scroll-margin-top:3.6rem}
    .rule h3{margin:0 0 .3rem;display:flex;flex-wrap:wrap;gap:.2rem .7rem;align-items:baseline}
    .rule h3 code{font-size:.86rem;color:var(--soft);font-weight:500}
    .kv{display:grid;grid-template-columns:9.5rem minmax(0,1fr);gap:.15rem 1rem;margin:.5rem 0;
      font-size:.9rem}
    .kv dt{color:var(--soft)}
    .kv dd{margin:0;max-width:80ch;overflow-wrap:anywhere}
    .bars td:nth-child(2){width:45%}
    .bars svg{display:block;width:100%;height:.8rem}
    .new{color:var(--ok)}
    footer{margin:3rem 0 2rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);
      font-size:.84rem}
    .hide{display:none}
    .vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
      white-space:nowrap}
    @media screen and (max-width:52rem){
      main,.bar>div{padding:0 1rem}
      .verdict,.verdict.gaps,.first.in li{grid-template-columns:minmax(0,1fr)}
      .verdict h2{font-size:1.5rem}
      .bar h1{display:none}
      .bar nav{margin-left:0;flex-wrap:nowrap;justify-content:start;overflow-x:auto;
        scrollbar-width:thin;height:3rem;align-items:center}
      .kv{grid-template-columns:minmax(0,1fr)}
      .kv dd{margin-bottom:.4rem}
      .panel>summary>small{margin-left:0}
      section{padding-top:2rem}
      .cols table{font-size:.78rem}
      .card{padding:.9rem 1rem}
      .body{padding:.4rem 1rem 1rem}
      .body>.here{float:none}
      .acc{min-width:0}
      .acc,.acc tbody,.acc tr,.acc td{display:block;width:auto;max-width:none}
      .js .acc tbody.all{display:none}
      .acc thead,.acc td:empty{display:none}
      .acc tbody tr{border-bottom:1px solid var(--line2);padding:.6rem .4rem}
      .acc tbody tr:last-child{border-bottom:0}
      .acc td{border:0;padding:.08rem .55rem;text-align:left!important}
      .acc td:nth-child(n+2)::before{color:var(--soft);display:inline-block;min-width:10rem}
      .acc td:nth-child(2)::before{content:"Class"}
      .acc td:nth-child(3)::before{content:"Privileges"}
      .acc td:nth-child(4)::before{content:"With MFA"}
      .acc td:nth-child(5)::before{content:"Without MFA"}
      .acc td:nth-child(6)::before{content:"MFA cannot be told"}
      .acc td:nth-child(7)::before{content:"API logins"}
      .acc td:nth-child(8)::before{content:"Failed"}
      .acc td:nth-child(9)::before{content:"Last human login"}
      .acc td:nth-child(10)::before{content:"Findings"}
      .acc td:nth-child(11)::before{content:"API retires"}
      .acc td[colspan]::before{content:none!important}
    }
    @media(prefers-contrast:more){
      :root{--line:currentColor;--soft:var(--ink)}
    }
    @media print{
      :root{--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--line2:#999;--link:#000;
        --proven:#2a6f97;--absent:#c2410c;--unknown:#777;--api:#5b6f8f;--fail:#a3470f;
        --crit:#8d1f2d;--critbg:#8d1f2d;--high:#a3330b;--med:#7a5200;--low:#355f7c;--ok:#1d6b4f;
        --okbg:#fff;--warn:#8d1f2d;--warnbg:#fff;--h0:#f2f2f2;--h1:#c6d8e4;--h2:#8fb4cb;
        --h3:#4f87aa;--h4:#1f567c;--code:#f4f4f4}
      body{font-size:9.5pt}
      .bar,.tools,.pager button,.pager label,.skip,.read{display:none!important}
      main{max-width:none;padding:0}
      section{padding-top:1.2rem}
      section+section:not(#figures){break-before:page;padding-top:0}
      .scroll,.e,.cols>div{overflow:visible;background:none}
      .untold ul{grid-template-columns:1fr 1fr}
      .here{display:none}
      .rows{font-size:7.5pt}
      .rows td{padding:.2rem .4rem .2rem 0;min-width:0}
      .acc,.chart,.strip{min-width:0}
      .acc{font-size:7pt}
      .acc th,.acc td{padding:.2rem .25rem}
      .tile,.light,.rule h3,.find>p,tr,.chart,.tiles,.do li,.untold li{break-inside:avoid}
      h2,h3,h4{break-after:avoid}
      thead{display:table-header-group}
      .verdict{grid-template-columns:1.75fr 1fr}
      .verdict,.tag.critical,.strip,.chart,.legend,.heat,.bars{-webkit-print-color-adjust:exact;
        print-color-adjust:exact}
      a{text-decoration:none}
    }
    """#
}
