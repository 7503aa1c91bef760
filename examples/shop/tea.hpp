// What the shop sells.
#pragma once

#include "language.hpp"

#include <stripe_return/core/money.hpp>

#include <string>

struct tea {
  bilingual name = {"Longjing green tea, 50 g", "西湖龙井绿茶 50 克"};
  bilingual about = {"Pan-fired by hand before the spring rains. It tastes of chestnuts and of a "
                     "garden in the morning.",
                     "明前采摘，手工炒制。茶汤清亮，栗香悠长，回味甘甜。"};
  stripe_return::money price = {6800, "cny"};

  std::string price_in(language wanted) const {
    const std::string text = to_string(price);
    const std::string number = text.substr(0, text.find(' '));
    return wanted == language::chinese ? number + " 元" : "CN¥" + number;
  }
};
