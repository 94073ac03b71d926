package page

import (
	"testing"

	"weir/internal/lang"
)

func TestCitation(t *testing.T) {
	law, standard := lang.T("政务数据共享条例", "Regulations on Government Data Sharing"), lang.T("GB/T 36344-2018 信息技术 数据质量评价指标", "GB/T 36344-2018")
	for _, c := range []struct {
		basis  Basis
		zh, en string
	}{
		{Basis{Source: law}, "政务数据共享条例", "Regulations on Government Data Sharing"},
		{Basis{Source: law, Article: "21¶1"}, "《政务数据共享条例》第二十一条第一款", "Regulations on Government Data Sharing, article 21(1)"},
		{Basis{Source: law, Article: "21¶1, 22"}, "《政务数据共享条例》第二十一条第一款、第二十二条", "Regulations on Government Data Sharing, article 21(1), article 22"},
		{Basis{Source: law, Article: "13¶2(3)"}, "《政务数据共享条例》第十三条第二款第三项", "Regulations on Government Data Sharing, article 13(2) item 3"},
		{Basis{Source: standard, Article: "0502"}, "GB/T 36344-2018 信息技术 数据质量评价指标 0502", "GB/T 36344-2018 0502"},
		{Basis{Source: law, Article: "附件一"}, "《政务数据共享条例》附件一", "Regulations on Government Data Sharing, 附件一"},
	} {
		if zh, en := c.basis.Citation(lang.Zh), c.basis.Citation(lang.En); zh != c.zh || en != c.en {
			t.Errorf("%+v: %q, %q; want %q, %q", c.basis, zh, en, c.zh, c.en)
		}
	}
}
