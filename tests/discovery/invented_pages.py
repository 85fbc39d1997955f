"""Pages as common systems build them, all of them invented: a help centre, a ministry, an app, a list of news."""

from __future__ import annotations

RULES = "".join(f"<p>Rule {each} says that nobody may sell a thing that they do not own.</p>" for each in range(1, 21))

HELP_CENTRE = f"""<html lang="en-GB"><head><title>Selling rules – Marketfen Help</title>
<meta property="og:site_name" content="Marketfen"></head><body>
<header class="site-header"><a href="/">Marketfen</a> <a href="/in">Sign in</a></header>
<main role="main"><div class="container">
<nav class="sub-nav"><ol class="breadcrumbs"><li><a href="/">Help</a></li><li><a href="/r">Rules</a></li></ol></nav>
<article class="article css-1x2y3z"><header class="article-header"><h1>Selling rules</h1></header>
<div class="article-body">{RULES}</div>
<div class="article-votes">Was this helpful? <button>Yes</button> <button>No</button></div></article>
<section class="related-articles"><h3>Related</h3>
<a href="/a">Buying rules</a> <a href="/b">Fees of sellers</a></section>
</div></main><footer class="footer"><a href="/imprint">Imprint</a> <a href="/jobs">Jobs</a></footer>
<div id="onetrust-banner-sdk">We use cookies. <button>Accept all cookies</button></div></body></html>"""

MINISTRY = f"""<html lang="en"><head><title>Codes of practice | Ministry of Ponds</title></head><body>
<div class="skip-link"><a href="#content">Skip to content</a></div>
<div class="gov-header"><a href="/">Ministry of Ponds</a></div>
<div class="layout-row px-4"><div class="left-column"><ul class="menu"><li><a href="/1">Ducks</a></li>
<li><a href="/2">Frogs</a></li></ul></div>
<div id="content" class="col-md-8"><h1>Codes of practice</h1><div class="share-bar">Share: <a href="/s">Post</a></div>
{RULES}</div></div><div class="gov-footer">© Ministry of Ponds</div></body></html>"""

APP = f"""<html lang="en"><head><title>Terms</title></head><body><div id="__next"><div class="sc-a1b2 kLmNoP">
<nav class="sc-x9y8 bCdEfG"><a href="/">Home page</a></nav>
<div class="TermsText_root__x7Ka2"><h1>Terms</h1>{RULES}</div></div></div></body></html>"""

NAMELESS = f"""<html><head><title>Rules</title></head><body><div class="css-1a2b3c"><div class="px-4 mt-2">
<h1>Rules</h1>
{RULES}</div></div></body></html>"""

SEVERAL = f"""<html lang="en"><head><title>Legal | Marketfen</title></head><body><main>
<section id="terms"><h2>Terms of use</h2>{RULES}</section>
<section aria-labelledby="privacy"><h2 id="privacy">Privacy</h2>{RULES.replace("sell", "copy")}</section>
<section><h2 id="api">Developer terms</h2>{RULES.replace("sell", "call")}</section>
<h2 id="flat">Imprint</h2><p>Marketfen, Fen Street 1.</p></main></body></html>"""

NEWS = """<html lang="en"><head><title>News - Fen Authority</title>
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
<link rel="alternate" type="application/rss+xml" title="News" href="/news/feed.xml"></head><body><main><h1>News</h1>
<article><h2><a href="/news/1">Fees rise in May</a></h2><p>The authority raises its fees for ponds from 1 May on.</p>
</article><article><h2><a href="/news/2">A new code for frogs</a></h2><p>A code of practice for frogs is out now.</p>
</article><article><h2><a href="/news/3">Consultation on ducks</a></h2><p>What people think of ducks is asked until
June.</p></article></main></body></html>"""

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Fen Authority: news</title>
<item><guid>1</guid><title>Fees rise in May</title><link>{base}/news/1</link></item>
<item><guid>2</guid><title>A new code for frogs</title><link>{base}/news/2</link></item>
<item><guid>3</guid><title>Consultation on ducks</title><link>{base}/news/3</link></item></channel></rss>"""
