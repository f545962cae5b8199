/*
 * report_style: how the report's page looks, and its one script: a filter
 * that shows itself only where scripts run.  The page reads without it.
 */
#ifndef KB_INDEXER_REPORT_STYLE_H
#define KB_INDEXER_REPORT_STYLE_H

/* Every pair of text and ground has a contrast of at least 4.5 to 1. */
#define KB_REPORT_STYLE							\
"\n:root{color-scheme:light dark;--bg:#fbfbf9;--card:#fff;--ink:#1c2024;"	\
"--soft:#586069;--line:#d8dbd8;--accent:#12633f;--error:#a3161f;"		\
"--warning:#7a4a00;--note:#34566f;--tint:#eef3ee}\n"				\
"@media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1d2125;"	\
"--ink:#e6e8ea;--soft:#a4adb5;--line:#363c42;--accent:#7fd3a5;"		\
"--error:#ff9a98;--warning:#f0c06c;--note:#9cc7e6;--tint:#232a27}}\n"		\
"*{box-sizing:border-box}\n"							\
"body{margin:0;background:var(--bg);color:var(--ink);"			\
"font:16px/1.5 system-ui,sans-serif}\n"					\
"main,header,footer{max-width:72rem;margin:0 auto;padding:0 1.25rem}\n"	\
"header{padding-top:2rem}\n"							\
"h1{font-size:1.7rem;line-height:1.2;margin:0}\n"				\
"h2{font-size:1.25rem;margin:2.5rem 0 .75rem}\n"				\
"h3{font-size:1rem;margin:0}\n"						\
"p{margin:.25rem 0}\n"							\
"a{color:var(--accent)}\n"							\
"bdi,td,dd{overflow-wrap:anywhere}\n"						\
".soft{color:var(--soft)}\n"							\
".small{font-size:.875rem}\n"							\
".tiles{display:grid;grid-template-columns:"					\
"repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.5rem 0 0;"		\
"padding:0;list-style:none}\n"						\
".tiles li,.card{background:var(--card);border:1px solid var(--line);"	\
"border-radius:.5rem;padding:.75rem 1rem}\n"					\
".tiles b{display:block;font-size:1.75rem;line-height:1.2;"			\
"font-variant-numeric:tabular-nums}\n"					\
".error{color:var(--error)}.warning{color:var(--warning)}"			\
".note{color:var(--note)}\n"							\
".level{font-size:.8125rem;font-weight:600;white-space:nowrap}\n"		\
"ol.todo{margin:0;padding:0;list-style:none;counter-reset:n}\n"		\
"ol.todo>li{counter-increment:n;position:relative;padding-left:3.5rem;"	\
"margin-bottom:.6rem}\n"							\
"ol.todo>li::before{content:counter(n);position:absolute;left:1rem;"		\
"top:.7rem;font-size:1.25rem;font-weight:600;color:var(--soft);"		\
"font-variant-numeric:tabular-nums}\n"					\
".verb{display:inline-block;min-width:4.5rem;margin-right:.25rem;"		\
"padding:0 .5rem;border-radius:.25rem;background:var(--tint);"		\
"color:var(--accent);font-size:.875rem;font-weight:600;"			\
"text-align:center}\n"							\
".sides{display:grid;grid-template-columns:"					\
"repeat(auto-fill,minmax(15rem,1fr));gap:.6rem;margin:.6rem 0 0;"		\
"padding:0;list-style:none}\n"						\
".sides li{border:1px solid var(--line);border-radius:.4rem;"			\
"padding:.5rem .75rem;background:var(--bg)}\n"				\
".sides li.keep{border:2px solid var(--accent)}\n"				\
".sides dl{margin:.25rem 0 0;display:grid;"					\
"grid-template-columns:auto 1fr;gap:0 .75rem;font-size:.875rem}\n"		\
".sides p{padding:0}.cluster .sides{margin:0;padding:.25rem 1rem 1rem}\n"	\
".sides dt{color:var(--soft)}.sides dd{margin:0}\n"				\
"details{background:var(--card);border:1px solid var(--line);"		\
"border-radius:.5rem;margin-bottom:.6rem}\n"					\
"summary{cursor:pointer;padding:.6rem 1rem}\n"				\
"summary .count{display:inline-block;min-width:3.5rem;"			\
"font-weight:600;text-align:right;margin-right:.75rem;"			\
"font-variant-numeric:tabular-nums}\n"					\
"details p{padding:0 1rem}\n"							\
".scroll{overflow-x:auto}\n"							\
"table{border-collapse:collapse;width:100%;font-size:.9rem}\n"		\
"th,td{text-align:left;vertical-align:top;padding:.4rem .75rem;"		\
"border-top:1px solid var(--line);min-width:6rem}\n"				\
"thead th{color:var(--soft);font-weight:600;white-space:nowrap}\n"		\
"th[scope=row]{font-weight:600;min-width:12rem}\n"				\
".scroll td:nth-child(2){min-width:9rem}"					\
".scroll td:nth-child(4){min-width:4rem}"					\
".scroll td:last-child{min-width:11rem}\n"				\
".num{text-align:right;font-variant-numeric:tabular-nums}\n"			\
"form{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;"		\
"margin:1.5rem 0 0}\n"							\
"label{display:block;font-size:.875rem;color:var(--soft)}\n"			\
"select,button{font:inherit;color:inherit;background:var(--card);"		\
"border:1px solid var(--soft);border-radius:.3rem;padding:.25rem .5rem;"	\
"max-width:16rem}\n"								\
":focus-visible{outline:3px solid var(--accent);outline-offset:2px}\n"	\
"[hidden]{display:none!important}\n"						\
"footer{padding-top:2rem;padding-bottom:2rem}\n"				\
"@media (max-width:40rem){ol.todo>li{padding-left:2.75rem}"			\
"ol.todo>li::before{left:.75rem}}\n"						\
"@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--soft:#444;"		\
"--line:#aaa;--accent:#000;--error:#000;--warning:#000;--note:#000;"		\
"--tint:#fff}body{font-size:10pt}form{display:none}"				\
".card,tr,.sides li{break-inside:avoid}a{text-decoration:none}"		\
".scroll{overflow:visible}}\n"

/* Articles side by side (diff_html.c), behind the other rules. */
#define KB_REPORT_DIFF_STYLE						\
"\n:root{--mark:#fdeab0}\n"						\
"@media (prefers-color-scheme:dark){:root{--mark:#54440f}}\n"		\
".pair,.fold{border-width:1px 0 0;border-radius:0;margin:0}\n"		\
".fold summary{padding:.3rem .75rem;color:var(--soft);font-size:.875rem}\n"	\
".diff{font-size:.9rem;border-top:1px solid var(--line)}\n"		\
".diff .row{display:grid;gap:0 1rem;padding:.3rem .75rem;"		\
"grid-template-columns:7.5rem minmax(0,1fr) minmax(0,1fr)}\n"		\
".diff .row+.row,.diff .fold+.row{border-top:1px solid var(--line)}\n"	\
".diff .row>p{margin:0;padding:.1rem 0 0;color:var(--soft);"		\
"font-size:.8125rem}\n"							\
".diff .row>div{white-space:pre-wrap;overflow-wrap:anywhere}\n"		\
".diff .names{background:var(--tint)}\n"				\
".diff .both{grid-column:2/4}\n"					\
".diff .code{font:.8125rem/1.5 ui-monospace,monospace}\n"		\
".diff .same>div{color:var(--soft)}\n"					\
".diff .changed>p,.diff .only>p{color:var(--ink);font-weight:600}\n"	\
"mark{background:var(--mark);color:inherit;border-radius:.15rem;"	\
"text-decoration:underline;text-underline-offset:.15em}\n"		\
".diff .only>div:not(:empty){background:var(--mark);"			\
"margin:0 -.3rem;padding:0 .3rem;border-radius:.2rem}\n"		\
"@media (max-width:40rem){.diff .row{grid-template-columns:minmax(0,1fr)}"	\
".diff .both{grid-column:auto}.diff .row>div:empty{display:none}"	\
".diff .a>div,.diff .changed>div:nth-of-type(1)"			\
"{border-left:3px solid var(--accent);padding-left:.5rem}}\n"		\
"@media print{:root{--mark:#fff}.diff .row{break-inside:avoid}"		\
".diff .only>div:not(:empty){border:1px solid #000}}\n"

#define KB_REPORT_SCRIPT						\
"\n(function(){'use strict';\n"						\
"var form=document.getElementById('filters');\n"				\
"var items=document.querySelectorAll('[data-code]');\n"			\
"var said=document.getElementById('shown');\n"				\
"function fill(name){\n"							\
"var select=form.elements[name],seen={},names=[];\n"				\
"items.forEach(function(e){var v='='+e.getAttribute('data-'+name);"		\
"if(!seen[v]){seen[v]=true;names.push(v.slice(1));}});\n"			\
"names.sort().forEach(function(v){"						\
"var o=document.createElement('option');o.value='='+v;"			\
"o.textContent=v||'no owner';select.appendChild(o);});}\n"			\
"function apply(){\n"								\
"var n=0;items.forEach(function(e){var show=true;"				\
"['owner','code','level'].forEach(function(k){"				\
"var v=form.elements[k].value;"						\
"if(v&&v!=='='+e.getAttribute('data-'+k))show=false;});"			\
"e.hidden=!show;if(show)n++;});\n"						\
"said.textContent=n+' of '+items.length+' entries shown';}\n"			\
"['owner','code','level'].forEach(fill);\n"					\
"form.addEventListener('change',apply);\n"					\
"form.addEventListener('reset',function(){setTimeout(apply,0);});\n"		\
"form.addEventListener('submit',function(e){e.preventDefault();});\n"		\
"form.hidden=false;\n"							\
"window.addEventListener('beforeprint',function(){"				\
"document.querySelectorAll('details').forEach(function(d){"			\
"d.open=true;});});\n"							\
"}());\n"

#endif /* KB_INDEXER_REPORT_STYLE_H */
