#include "testkit/http_date.hpp"

#include <cstdio>
#include <ctime>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

std::string http_date(unix_seconds time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t moment = static_cast<std::time_t>(time);
  std::tm utc = {};
  gmtime_r(&moment, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[utc.tm_wday],
                utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
