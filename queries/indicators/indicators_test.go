package indicators

import (
	"math"
	"slices"
	"strings"
	"testing"

	"weir/queries/page"
)

// The catalogue as it was agreed: 46 indicators, 10 diagnostics and 6 measures of integrity.
var catalogue = map[string]string{
	"liquidity":   "active_flow_rate backflow_on_time_rate cross_line_flow_share dormant_storage_share flow_turnover mount_rate time_to_first_use",
	"timeliness":  "catalog_update_on_time_rate delivery_on_time_rate freshness_index propagation_lag reply_on_time_rate update_on_time_rate",
	"reuse":       "demand_fulfilment_rate duplicate_collection_rate matter_support_rate recombination_rate reuse_h_index reuse_rate scenario_coverage",
	"quality":     "correction_on_time_rate defect_recurrence_rate detail_retention_rate double_check_coverage interface_conformance_rate rule_pass_rate",
	"linkage":     "entity_link_coverage external_fusion_rate linked_consistency_rate",
	"mechanisms":  "compliant_use_rate guarantee_mechanism_index incentive_realisation_rate proactive_supply_rate",
	"resources":   "coordination_effect_rate data_post_match_rate off_platform_flow_share operation_spend_share soft_hard_ratio software_iteration_age",
	"performance": "budget_execution_rate dual_monitor_gap result_application_rate satisfaction target_attainment_score target_differentiation_index unit_share_cost",
	"diagnostics": "dea_efficiency disuse_decay_gap duplicate_operators flow_concentration_hhi flow_funnel flow_network_density reproduction_depth request_cycle_wd talent_retention trigger_mix",
	"integrity":   "effective_ratio empty_share log_coverage period_end_spike robot_share self_share",
}

func TestCatalogueIsComplete(t *testing.T) {
	got := map[string][]string{}
	for _, id := range BuiltIn().IDs() {
		p, _ := BuiltIn().Latest(id)
		got[p.Dimension] = append(got[p.Dimension], id)
		if diagnostic := p.Dimension == "diagnostics" || p.Dimension == "integrity"; diagnostic != (p.Status == page.Diagnostic) {
			t.Errorf("%s: status %s in dimension %s", id, p.Status, p.Dimension)
		}
	}
	for dimension, ids := range catalogue {
		if want := strings.Fields(ids); !slices.Equal(got[dimension], want) {
			t.Errorf("%s: %v, want %v", dimension, got[dimension], want)
		}
		delete(got, dimension)
	}
	if len(got) > 0 {
		t.Errorf("dimensions beyond the catalogue: %v", got)
	}
}

// Which indicators answer each of the thirty statements about why government data lie idle.
var answers = map[string]string{
	"S01": "guarantee_mechanism_index compliant_use_rate",
	"S02": "matter_support_rate satisfaction",
	"S03": "active_flow_rate dormant_storage_share flow_turnover propagation_lag matter_support_rate entity_link_coverage trigger_mix",
	"S04": "dormant_storage_share",
	"S05": "guarantee_mechanism_index proactive_supply_rate incentive_realisation_rate compliant_use_rate",
	"S06": "mount_rate delivery_on_time_rate time_to_first_use guarantee_mechanism_index flow_funnel",
	"S07": "cross_line_flow_share flow_network_density",
	"S08": "data_post_match_rate incentive_realisation_rate talent_retention",
	"S09": "soft_hard_ratio software_iteration_age rule_pass_rate unit_share_cost",
	"S10": "budget_execution_rate dual_monitor_gap target_attainment_score target_differentiation_index unit_share_cost result_application_rate dea_efficiency",
	"S11": "coordination_effect_rate",
	"S12": "reply_on_time_rate delivery_on_time_rate catalog_update_on_time_rate interface_conformance_rate off_platform_flow_share cross_line_flow_share",
	"S13": "operation_spend_share unit_share_cost",
	"S14": "active_flow_rate mount_rate scenario_coverage",
	"S15": "dormant_storage_share update_on_time_rate freshness_index rule_pass_rate linked_consistency_rate disuse_decay_gap",
	"S16": "scenario_coverage",
	"S17": "demand_fulfilment_rate reply_on_time_rate satisfaction request_cycle_wd",
	"S18": "cross_line_flow_share backflow_on_time_rate",
	"S19": "time_to_first_use duplicate_collection_rate",
	"S20": "data_post_match_rate operation_spend_share coordination_effect_rate reproduction_depth",
	"S21": "correction_on_time_rate defect_recurrence_rate double_check_coverage linked_consistency_rate propagation_lag",
	"S22": "external_fusion_rate recombination_rate",
	"S23": "rule_pass_rate catalog_update_on_time_rate",
	"S24": "interface_conformance_rate reuse_rate reuse_h_index",
	"S25": "detail_retention_rate software_iteration_age",
	"S26": "software_iteration_age",
	"S27": "scenario_coverage matter_support_rate",
	"S28": "off_platform_flow_share duplicate_collection_rate coordination_effect_rate reuse_rate flow_concentration_hhi duplicate_operators",
	"S29": "entity_link_coverage linked_consistency_rate recombination_rate",
	"S30": "active_flow_rate flow_turnover update_on_time_rate freshness_index rule_pass_rate target_attainment_score flow_concentration_hhi",
}

func TestEveryStatementIsAnswered(t *testing.T) {
	if len(answers) != 30 {
		t.Fatalf("%d statements", len(answers))
	}
	for statement, ids := range answers {
		for id := range strings.FieldsSeq(ids) {
			p, ok := BuiltIn().Latest(id)
			if !ok {
				t.Errorf("%s: no page %s", statement, id)
				continue
			}
			if !slices.Contains(p.Seeds, statement) {
				t.Errorf("%s does not name %s, which it answers", id, statement)
			}
		}
	}
}

// The scheme gives execution 10, output 50 (quantity 12, quality 14, timeliness 18, cost 6), benefit 30
// (effectiveness 14, sustainability 10, constraint 6) and satisfaction 10 points.
func TestWeightsOfTheScheme(t *testing.T) {
	want := map[string]float64{
		"execution": 10, "output/quantity": 12, "output/quality": 14, "output/timeliness": 18, "output/cost": 6,
		"benefit/effectiveness": 14, "benefit/sustainability": 10, "benefit/constraint": 6, "satisfaction": 10, "outside": 0,
	}
	got := map[string]float64{}
	scored := 0
	for _, id := range BuiltIn().IDs() {
		if p, _ := BuiltIn().Latest(id); p.Scoring != nil {
			got[p.Scoring.Group] += p.Scoring.Weight
			scored++
		}
	}
	for group, weight := range want {
		if math.Abs(got[group]-weight) > 1e-9 {
			t.Errorf("%s: %v points, want %v", group, got[group], weight)
		}
	}
	if scored != 46 || len(got) != len(want) {
		t.Errorf("%d scored indicators in %d groups", scored, len(got))
	}
}

// Only sources whose text or digest was read may stand as law; every page says what it does not measure.
func TestBasisAndLimits(t *testing.T) {
	for _, id := range BuiltIn().IDs() {
		p, _ := BuiltIn().Latest(id)
		if p.Limits.Zh == "" || p.Limits.En == "" || len(p.Basis) == 0 {
			t.Errorf("%s: limits or basis missing", id)
		}
		for _, b := range p.Basis {
			if b.Mark == page.TextRead && b.Article == "" {
				t.Errorf("%s: %s was read and no article is named", id, b.Source.En)
			}
		}
		if p.Target != nil && p.Target.Mark == page.TextRead && !slices.ContainsFunc(p.Basis, func(b page.Basis) bool { return b.Mark == page.TextRead }) {
			t.Errorf("%s: a statutory target without a statute", id)
		}
	}
}
