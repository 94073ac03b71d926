package cli

import (
	"context"

	"weir/internal/edition"
	"weir/internal/lang"
	"weir/internal/store"
	"weir/internal/workspace"
	"weir/reports/budgetreview"
	"weir/reports/document"
)

// reviews builds the budget review for the service's page, the same document as weir report --kind budget_review.
type reviews struct {
	workspace *workspace.Workspace
	store     *store.Store
}

// Review builds the review of a month's newest revision.
func (r reviews) Review(ctx context.Context, month string, l lang.Lang) (*document.Document, error) {
	e, err := editionOf(ctx, r.workspace, r.store, month)
	if err != nil {
		return nil, err
	}
	return e.Build(edition.Report{Kind: budgetreview.Kind, Lang: l})
}
