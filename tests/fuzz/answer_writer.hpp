#pragma once

#include "byte_source.hpp"
#include "full_session.hpp"

#include <stripe_return/client/transport.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace fuzz {

struct written_answer {
  std::string bytes;
  std::size_t headers = 0;  // so many of them are the headers
  std::size_t complete = 0; // so many are needed for all of the answer
  stripe_return::http_response meaning;
};

// Writes a response by the rules of HTTP/1.1: https://www.rfc-editor.org/rfc/rfc9112
class answer_writer {
public:
  // The session that is asked for is `id`.
  answer_writer(byte_source& choices, std::string id) : choices_(choices), id_(std::move(id)) {}

  written_answer write() {
    return write([this] { return body(); });
  }

  template <class Body> written_answer write(const Body& make_body) {
    const char* interims[] = {"", "", "HTTP/1.1 100 Continue\r\n\r\n",
                              "HTTP/1.1 103 Early Hints\r\nRequest-Id: req_early\r\n\r\n"};
    const int statuses[] = {200, 200, 200, 200, 301, 400, 401, 402, 403,
                            404, 409, 418, 424, 429, 500, 503, 599};
    made_.bytes = choices_.pick(interims);
    made_.meaning.status = choices_.pick(statuses);
    made_.meaning.body = make_body();
    made_.bytes += "HTTP/1.1 " + std::to_string(made_.meaning.status) + " Said\r\n";
    for (std::size_t left = choices_.below(6); left != 0; --left)
      header();
    frame();
    return std::move(made_);
  }

  // Mostly the session.
  std::string body() {
    switch (choices_.below(8)) {
    case 0: return choices_.text(255);
    case 1: return R"({"error":{"code":")" + word() + R"(","type":"idempotency_error"}})";
    case 2: return R"({"error":{"message":"a similar object exists in live mode"}})";
    case 3: return session("cs_test_b", "false");
    case 4: return session(id_, "true");
    case 5: return full_session();
    default: return session(id_, "false") + std::string(choices_.byte(), ' ');
    }
  }

private:
  std::string session(const std::string& id, const std::string& livemode) {
    const char* statuses[] = {"open", "complete", "expired"};
    return R"({"id":")" + id + R"(","object":"checkout.session","livemode":)" + livemode +
           R"(,"status":")" + choices_.pick(statuses) + R"("})";
  }

  std::string word() {
    const char* words[] = {"rate_limit",   "lock_timeout", "api_key_expired", "resource_missing",
                           "req_1AbC-_09", "true",         "false",           "a b"};
    return choices_.pick(words);
  }

  // Nothing in it that would end a header.
  std::string plain_text() {
    std::string text = choices_.text(80);
    text.erase(std::remove_if(text.begin(), text.end(),
                              [](unsigned char c) { return c <= ' ' || c >= 127; }),
               text.end());
    return text;
  }

  std::string value() {
    const char* dates[] = {"Mon, 23 Mar 2026 08:59:46 GMT", "Monday, 23-Mar-26 08:59:46 GMT",
                           "Mon Mar 23 08:59:46 2026", "Thu, 01 Jan 1970 00:00:00 GMT"};
    switch (choices_.below(3)) {
    case 0: return choices_.pick(dates);
    case 1: return word();
    default: return plain_text();
    }
  }

  void header() {
    const char* names[] = {"date",
                           "request-id",
                           "stripe-should-retry",
                           "stripe-rate-limited-reason",
                           "idempotent-replayed",
                           "x-other"};
    const char* blanks[] = {"", " ", "\t", "  "};
    const std::string name = choices_.pick(names);
    const std::string text = value();
    std::string written = name;
    for (char& c : written) {
      if (choices_.flag()) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    made_.meaning.headers.push_back({name, text});
    made_.bytes += written + ":" + choices_.pick(blanks) + text + choices_.pick(blanks) + "\r\n";
  }

  void frame() {
    const std::string& body = made_.meaning.body;
    switch (choices_.below(3)) {
    case 0:
      end_headers("Content-Length: " + std::to_string(body.size()) + "\r\n");
      made_.bytes += body;
      made_.complete = made_.bytes.size();
      break;
    case 1:
      end_headers("Transfer-Encoding: chunked\r\n");
      chunks(body);
      made_.complete = made_.bytes.size() - 2; // libcurl can do without the last line's end
      break;
    default: // the end of the connection ends the body, wherever it comes
      end_headers("");
      made_.complete = made_.bytes.size();
      made_.bytes += body;
    }
  }

  void end_headers(const std::string& last) {
    made_.bytes += last + "\r\n";
    made_.headers = made_.bytes.size();
  }

  void chunks(std::string_view body) {
    while (!body.empty()) {
      const std::string_view chunk = body.substr(0, 1 + choices_.byte());
      char size[16];
      std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
      made_.bytes.append(size).append(chunk).append("\r\n");
      body.remove_prefix(chunk.size());
    }
    made_.bytes += "0\r\n\r\n";
  }

  byte_source& choices_;
  const std::string id_;
  written_answer made_;
};

} // namespace fuzz
