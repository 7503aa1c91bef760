// What can become of a session.
#pragma once

#include <string>
#include <vector>

// Each list is done to one session, in turn.
inline const std::vector<std::vector<std::string>> session_histories = {
    {},          {"pay"},   {"pay_later"}, {"pay_later", "succeed"}, {"pay_later", "fail"},
    {"decline"}, {"expire"}};
