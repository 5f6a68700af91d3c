import RapportIVR

/// A menu that uses everything a menu can.
enum Menus {
    static let text = """
        language: en
        start: entry
        voices: {zh: Polly.Zhiyu}
        nobody: {en: one of our colleagues, zh: 我们的同事}
        nodes:
          entry:
            branch:
              - {attribute: called, is: "+18005550199", goto: voicemail}
              - {known: false, goto: welcome}
              - {hasOwner: true, goto: main}
              - {language: zh, goto: main}
              - {otherwise: welcome}
          welcome:
            say: {en: "Welcome <to> Ana's & Bo's.", zh: 您好。}
            goto: main
          main:
            say: {en: "For no more offers press 1.", zh: 不再接收优惠请按1。}
            gather:
              timeout: 7
              tries: 2
              keys:
                1: {optOut: offers, goto: done}
                2: {followUp: callback, goto: done}
                3: owner
                4: voicemail
                5: {goto: main, language: zh}
                6: {optOut: {topic: all, channel: sms}, goto: done}
                7: {optIn: offers, goto: done}
                9: coupon
              words:
                no more offers: {optOut: offers, goto: done}
                不要优惠: {optOut: offers, goto: done}
              otherwise: voicemail
          owner:
            say: {en: "Your contact is {{ owner }}.", zh: "您的联系人是{{owner}}。"}
            goto: main
          coupon:
            say: {en: Please enter your number.}
            gather: {digits: many, any: {goto: done}}
          voicemail:
            say: {en: Please leave a message.}
            record: {seconds: 60, goto: done}
          done:
            say: {en: Thank you., zh: 谢谢。}
            hangUp: true
        """

    static func standard() throws -> Menu {
        try MenuFile.read(text, name: "main", file: "templates/ivr/main.yaml", topics: ["offers", "repairs"])
    }
}
