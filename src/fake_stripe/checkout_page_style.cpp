#include "fake_stripe/checkout_page_style.hpp"

#include <openssl/evp.h>

#include <array>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr const char stylesheet[] = R"css(
:root {
  --ink: #1b2130;
  --faint: #545d70;
  --line: #d5dae3;
  --ground: #f4f6fa;
  --accent: #1a4fd6;
  --accent-dark: #123ba6;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 6rem; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: #fff; color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial,
    "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
}
h1, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; }
ul { list-style: none; }
svg { display: block; flex: none; }
button { font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }

.band {
  position: sticky; top: 0; z-index: 1; padding: .5rem 1rem;
  display: flex; gap: .25rem .75rem; align-items: center; justify-content: center;
  background: #ffd54a; color: #2b2100; border-bottom: 2px solid #b98900;
  font-size: .875rem; line-height: 1.35;
}
.badge {
  flex: none; padding: .1rem .5rem; border-radius: .25rem;
  background: #2b2100; color: #ffd54a; letter-spacing: .06em;
}
.band span { display: inline-block; margin-right: .75rem; }

main { flex: 1; display: flex; flex-direction: column; }
.pane { padding: 1.5rem 1.25rem 2rem; }
.column { width: 100%; max-width: 27rem; margin: 0 auto; }
.summary { background: var(--ground); border-bottom: 1px solid var(--line); }

.leave button {
  display: flex; gap: .4rem; align-items: center; margin: -.4rem 0 .6rem -.4rem; padding: .4rem;
  border: 0; border-radius: .375rem; background: none; color: var(--faint); font-size: .9375rem;
}
.leave button:hover { color: var(--ink); text-decoration: underline; }
.shop { display: flex; gap: .6rem; align-items: center; font-weight: 600; margin-bottom: 1.25rem; }
.shop svg {
  padding: .3rem; width: 2rem; height: 2rem; border-radius: .5rem;
  background: #fff; border: 1px solid var(--line);
}
h1 { font-size: 1rem; font-weight: 500; color: var(--faint); }
.amount-due { font-size: 2.25rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; }
.explained { margin-top: .25rem; }

.items { margin-top: 1.75rem; }
.items li { display: flex; gap: 1rem; justify-content: space-between; padding: .5rem 0; }
.items strong { display: block; font-weight: 600; }
.items small, .method small { display: block; font-size: .875rem; color: var(--faint); }
.items .price { flex: none; text-align: right; font-weight: 600; }
.items .price small { font-weight: 400; }
.sums { margin-top: .75rem; padding-top: .75rem; border-top: 1px solid var(--line); }
.sums div { display: flex; gap: 1rem; justify-content: space-between; padding: .25rem 0; }
.sums dd { text-align: right; }
.sums .due { font-weight: 600; }
.sums div + .due { margin-top: .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }

h2 { font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 2rem 0 .5rem; font-size: .875rem; font-weight: 600; color: var(--faint); }
.hint { margin-top: .25rem; color: var(--faint); font-size: .9375rem; }
.alert {
  margin-bottom: 1.25rem; padding: .75rem 1rem; border-radius: .5rem;
  border: 1px solid #d99; border-left: 4px solid #b3161f; background: #fdf1f1; color: #8a1018;
}
.methods { margin-top: 1.25rem; display: grid; gap: .625rem; }
.method {
  width: 100%; min-height: 3.5rem; padding: .625rem 1rem; text-align: left;
  display: flex; gap: .875rem; align-items: center;
  border: 1px solid #b9c1cf; border-radius: .625rem; background: #fff;
  box-shadow: 0 1px 2px rgba(27, 33, 48, .08);
}
.method:hover { border-color: var(--accent); background: #f6f9ff; }
.method .label { flex: 1; display: flex; flex-direction: column; gap: 0 1rem; }
.method .name { flex: 1; font-weight: 600; }
.method .name small { font-weight: 400; }
.method .act { color: var(--accent); font-weight: 600; }
.first { background: var(--accent); border-color: var(--accent); color: #fff; }
.first:hover { background: var(--accent-dark); border-color: var(--accent-dark); }
.first .act, .first .name small { color: #fff; }
.for-tests { border-style: dashed; box-shadow: none; background: #fffdf3; }
.plain { justify-content: center; font-weight: 600; text-align: center; text-decoration: none; }

.notice { margin: auto; padding: 3rem 1.25rem; width: 100%; max-width: 30rem; }
.notice h1 { color: var(--ink); font-size: 1.5rem; font-weight: 650; line-height: 1.3; }
.notice p { margin-top: .5rem; color: var(--faint); }
.notice .shop { margin: 0 0 1.5rem; color: var(--ink); }
.notice .method { margin-top: 1.5rem; }

@media (min-width: 30rem) {
  .method .label { flex-direction: row; align-items: center; }
}
@media (min-width: 56rem) {
  main { flex-direction: row; }
  .pane { flex: 1 1 50%; padding: 4rem; }
  .summary { border-bottom: 0; border-right: 1px solid var(--line); }
  .summary .column { margin-right: 0; }
  .payment .column { margin-left: 0; }
}
)css";

std::string base64_sha256(std::string_view text) {
  std::array<unsigned char, 32> digest;
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::array<unsigned char, 45> encoded; // with a terminating zero
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return std::string(encoded.begin(), encoded.begin() + size);
}

} // namespace

html page_style_element() {
  html element = "<style>";
  element << stylesheet << "</style>\n";
  return element;
}

const std::string& page_style_source() {
  static const std::string source = "'sha256-" + base64_sha256(stylesheet) + "'";
  return source;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
