#include "check_browser.hpp"

#include <httplib.h>

#include <algorithm>

std::string shown_page::attribute(const std::string& name) const {
  const std::string start = " " + name + "=\"";
  const std::size_t at = body.find(start);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + start.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

std::pair<std::string, std::string> split_url(const std::string& url) {
  const std::size_t path = std::min(url.find('/', url.find("://") + 3), url.size());
  return {url.substr(0, path), url.substr(path, url.find('#', path) - path)};
}

shown_page check_browser::get(const std::string& address) {
  return load(address.front() == '/' ? shop_ + address : address, nullptr, {}, 5);
}

shown_page check_browser::post(const std::string& address, const form& fields,
                               const std::string& origin) {
  const std::string url = address.front() == '/' ? shop_ + address : address;
  return load(url, &fields, origin.empty() ? split_url(url).first : origin, 5);
}

std::string check_browser::cookies_for(const std::string& origin) const {
  std::string header;
  const auto known = cookies_.find(origin);
  if (known == cookies_.end()) return header;
  for (const auto& [name, value] : known->second)
    header.append(header.empty() ? "" : "; ").append(name).append("=").append(value);
  return header;
}

shown_page check_browser::load(const std::string& url, const form* fields,
                               const std::string& form_origin, int redirects_left) {
  const auto [origin, target] = split_url(url);
  httplib::Client client(origin);
  client.set_read_timeout(30);
  httplib::Headers headers;
  if (const std::string cookies = cookies_for(origin); !cookies.empty())
    headers.emplace("Cookie", cookies);
  if (fields != nullptr) headers.emplace("Origin", form_origin);
  const httplib::Result answer =
      fields == nullptr
          ? client.Get(target, headers)
          : client.Post(target, headers, httplib::Params(fields->begin(), fields->end()));
  if (!answer) return {};
  const auto [first, last] = answer->headers.equal_range("Set-Cookie");
  for (auto header = first; header != last; ++header) {
    const std::string& cookie = header->second;
    const std::size_t sign = cookie.find('=');
    cookies_[origin][cookie.substr(0, sign)] = cookie.substr(sign + 1, cookie.find(';') - sign - 1);
  }
  const std::string next = answer->get_header_value("Location");
  if (next.empty() || redirects_left == 0)
    return {answer->status, url, {}, answer->body, answer->get_header_value("Cache-Control")};
  shown_page shown =
      load(next.front() == '/' ? origin + next : next, nullptr, {}, redirects_left - 1);
  if (shown.by.empty()) shown.by = url;
  return shown;
}
