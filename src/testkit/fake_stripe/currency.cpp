#include "testkit/fake_stripe/currency.hpp"

#include <algorithm>
#include <array>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::string_view presentment_currencies =
    " aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn"
    " bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd"
    " gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak"
    " lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd"
    " omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std"
    " szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar"
    " zmw ";

struct minimum {
  std::string_view currency;
  std::int64_t amount;
};
constexpr std::array<minimum, 24> minimums = {
    {{"usd", 50},    {"aed", 200},  {"aud", 50},  {"bgn", 100},  {"brl", 50},  {"cad", 50},
     {"chf", 50},    {"czk", 1500}, {"dkk", 250}, {"eur", 50},   {"gbp", 30},  {"hkd", 400},
     {"huf", 17500}, {"inr", 50},   {"jpy", 50},  {"mxn", 1000}, {"myr", 200}, {"nok", 300},
     {"nzd", 50},    {"pln", 200},  {"ron", 200}, {"sek", 300},  {"sgd", 50},  {"thb", 1000}}};

} // namespace

bool is_presentment_currency(std::string_view code) {
  return code.size() == 3 && code.find(' ') == std::string_view::npos &&
         presentment_currencies.find(" " + std::string(code) + " ") != std::string_view::npos;
}

std::int64_t least_charge(std::string_view code) {
  const auto known = std::find_if(minimums.begin(), minimums.end(),
                                  [code](const minimum& each) { return each.currency == code; });
  return known == minimums.end() ? 1 : known->amount;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
