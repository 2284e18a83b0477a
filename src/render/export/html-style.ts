/** The whole look of an exported page: no font, picture or script is fetched. */
export const style = `
:root{color-scheme:light dark;--page:#fbfaf8;--card:#fff;--ink:#22262b;--soft:#676d75;--line:#e5e1da;--accent:#0a63c2;--prompt:#eef4fc;--prompt-line:#9fc3ee;--code:#f4f1ec;--bad:#b3261e;--mark:#fdecc8;--mark-ink:#6b4a00}
@media (prefers-color-scheme:dark){:root{--page:#131518;--card:#1a1d21;--ink:#e3e6ea;--soft:#949ba5;--line:#2c3036;--accent:#7ab8ff;--prompt:#17222f;--prompt-line:#355a85;--code:#1f2328;--bad:#ff8a80;--mark:#4a3a12;--mark-ink:#ffdf9b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;overflow-wrap:anywhere}
a{color:var(--accent);text-decoration-thickness:.06em;text-underline-offset:.15em}
main{max-width:50rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .6rem;text-wrap:balance;letter-spacing:-.01em}
code,pre,.mono,summary .gist{font-family:ui-monospace,"SF Mono",SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
.byline{margin:0 0 .5rem;font-size:.92rem;color:var(--soft)}
.byline span+span::before{content:" · "}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1.25rem;margin:0;font-size:.86rem}
.facts dt{color:var(--soft)}
.facts dd{margin:0}
.notice{margin:.9rem 0 0;padding:.6rem .9rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);font-size:.88rem;color:var(--soft)}
.notice.open{border-color:var(--bad);color:var(--bad)}
nav{margin:1.75rem 0 0;border:1px solid var(--line);border-radius:.5rem;background:var(--card);font-size:.88rem}
nav h2{margin:0;padding:.6rem .9rem .3rem;font-size:.75rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--soft)}
nav ol{list-style:none;margin:0;padding:0 .4rem .5rem;max-height:16rem;overflow:auto}
nav a{display:block;padding:.22rem .5rem;border-radius:.35rem;color:inherit;text-decoration:none;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
nav a:hover{background:var(--code);color:var(--accent)}
nav .n{display:inline-block;min-width:2.6em;margin-right:.5em;color:var(--soft);font-variant-numeric:tabular-nums;text-align:right}
#session{margin-top:2rem}
article,.step{content-visibility:auto;contain-intrinsic-size:auto 8rem}
.step{contain-intrinsic-size:auto 2.1rem}
article{margin:1.6rem 0}
.assistant{margin-bottom:.9rem}
article>header{display:flex;align-items:baseline;gap:.6rem;margin-bottom:.45rem;font-size:.78rem;color:var(--soft)}
article>header b{font-size:.82rem;color:var(--ink)}
article>header a{margin-left:auto;color:inherit;text-decoration:none;font-variant-numeric:tabular-nums}
article>header a:hover{color:var(--accent)}
.user{padding:.85rem 1.1rem 1rem;border:1px solid var(--line);border-left:4px solid var(--prompt-line);border-radius:.55rem;background:var(--prompt)}
.user>header b{color:var(--accent)}
.said{white-space:pre-wrap;unicode-bidi:plaintext}
.prose>:first-child{margin-top:0}
.prose>:last-child{margin-bottom:0}
.prose p,.prose ul,.prose ol,.prose blockquote,.prose pre,.prose .table{margin:0 0 .85rem}
.prose h1,.prose h2,.prose h3,.prose h4,.prose h5,.prose h6{margin:1.4rem 0 .5rem;line-height:1.3;letter-spacing:0}
.prose h1{font-size:1.3rem}.prose h2{font-size:1.18rem}.prose h3{font-size:1.06rem}.prose h4,.prose h5,.prose h6{font-size:1rem}
.prose ul,.prose ol{padding-left:1.5rem}
.prose li{margin:.2rem 0}
.prose li>p{margin:.3rem 0}
.prose blockquote{margin-left:0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line);color:var(--soft)}
.prose hr{border:0;border-top:1px solid var(--line);margin:1.4rem 0}
.prose :not(pre)>code{padding:.1em .35em;border-radius:.3em;background:var(--code);font-size:.87em}
.table{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem}
th,td{padding:.35rem .75rem;border:1px solid var(--line);text-align:left;vertical-align:top}
th{background:var(--code);font-weight:600}
.center{text-align:center}.right{text-align:right}
pre{margin:0;padding:.75rem .9rem;border:1px solid var(--line);border-radius:.5rem;background:var(--code);font-size:.82rem;line-height:1.5;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4}
.step pre,.fold pre{max-height:32rem;overflow:auto}
pre[data-language]::before{content:attr(data-language);display:block;margin:-.15rem 0 .3rem;font-size:.7rem;letter-spacing:.04em;color:var(--soft);text-align:right}
summary{cursor:pointer;list-style:none;border-radius:.4rem}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:.4em;height:.4em;margin:0 .25em .1em 0;border:solid var(--soft);border-width:0 .13em .13em 0;transform:rotate(-45deg);transition:transform .12s}
details[open]>summary::before{transform:rotate(45deg)}
summary:hover{background:var(--code)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.step,.fold{margin:.15rem 0}
.step>summary,.fold>summary{display:flex;align-items:baseline;gap:.5rem;padding:.25rem 0 .25rem .5rem;font-size:.86rem;color:var(--soft)}
.step>summary b,.fold>summary b{font-weight:600;color:var(--ink)}
.step>summary b,.fold>summary b{max-width:60%;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.fold.about{margin-left:-.5rem}
.fold.thought>summary b{font-weight:500;font-style:italic;color:var(--soft)}
summary .gist{flex:1;min-width:0;font-size:.8rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
summary .n{margin-left:auto;flex:none;font-size:.75rem;font-variant-numeric:tabular-nums}
.state{flex:none;font-size:.75rem;font-weight:600;color:var(--bad)}
.failed>summary b{color:var(--bad)}
.body{margin:.35rem 0 .9rem 1.05rem;padding-left:.85rem;border-left:2px solid var(--line)}
.field{display:flex;gap:.75rem;align-items:baseline;margin:.15rem 0;font-size:.82rem}
.field span{flex:none;min-width:6.5rem;font-size:.75rem;color:var(--soft)}
.body .label{margin:.6rem 0 .25rem;font-size:.75rem;color:var(--soft)}
.body .label:first-child{margin-top:.1rem}
.body .bad{color:var(--bad)}
.thought[open]>summary .gist{visibility:hidden}
.thought .body{color:var(--soft);font-size:.93rem}
.attached{margin:.5rem 0 0;font-size:.85rem;color:var(--soft)}
mark{padding:0 .2em;border-radius:.25em;background:var(--mark);color:var(--mark-ink)}
:target{scroll-margin-top:1rem}
article:target,.step:target{outline:2px solid var(--accent);outline-offset:.4rem;border-radius:.5rem}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.82rem;color:var(--soft)}
@media (min-width:76rem){
body.indexed{padding-left:19rem}
body.indexed nav{position:fixed;inset:0 auto 0 0;width:19rem;margin:0;display:flex;flex-direction:column;border-width:0 1px 0 0;border-radius:0;padding:1.25rem .5rem}
body.indexed nav ol{max-height:none;flex:1}
}
@media (max-width:30rem){main{padding:1.25rem .9rem 3rem}h1{font-size:1.35rem}.facts{grid-template-columns:1fr;gap:0}.facts dd{margin-bottom:.4rem}.body{margin-left:.3rem;padding-left:.6rem}.user{padding:.7rem .8rem .8rem}}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}summary::before{transition:none}}
@media print{article,.step{content-visibility:visible}nav{display:none}body.indexed{padding-left:0}pre{max-height:none!important}}
`
