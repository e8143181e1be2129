// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Provision} from "./Thawing.sol";
import {StakeLedger} from "./StakeLedger.sol";

/// @title Provision parameters
/// @notice The terms of a provision change in two steps: the provider stages them, the service accepts them. So neither can
/// change them alone, and a service that needs longer thaws gets them without a provider having to leave.
abstract contract ProvisionParameters is StakeLedger {
    /// @notice One million: all of an amount, in parts per million.
    uint32 public constant MAX_PPM = 1_000_000;
    /// @notice The longest thawing period that a provision may have, in seconds.
    uint64 public immutable maxThawingPeriod;

    /// @notice New parameters wait for the service to accept them.
    event ProvisionParametersStaged(
        address indexed provider,
        address indexed service,
        uint32 maxVerifierCut,
        uint64 thawingPeriod
    );
    /// @notice The service accepted them. They hold for thaws from now on.
    event ProvisionParametersSet(
        address indexed provider,
        address indexed service,
        uint32 maxVerifierCut,
        uint64 thawingPeriod
    );

    /// @notice A cut is more than all.
    error VerifierCutTooHigh(uint32 ppm, uint32 max);
    /// @notice A thawing period is longer than the contract allows.
    error ThawingPeriodTooLong(uint64 period, uint64 max);
    /// @notice No parameters wait to be accepted.
    error NothingStaged(address provider, address service);

    constructor(uint64 maxThawingPeriod_) {
        maxThawingPeriod = maxThawingPeriod_;
    }

    /// @notice Stages new parameters; they replace any that wait. Only the provider, or its operator at the service.
    /// @param provider whose provision it is
    /// @param service where it stands
    /// @param maxVerifierCut the most of a slashed amount that may be paid as a reward, in parts per million
    /// @param thawingPeriod how long its tokens thaw, in seconds; requests that are open keep their date
    function setProvisionParameters(
        address provider,
        address service,
        uint32 maxVerifierCut,
        uint64 thawingPeriod
    ) external whenNotPaused {
        _requireAuthorized(provider, service);
        _requireParameters(maxVerifierCut, thawingPeriod);
        Provision storage changed = _provisionAt(provider, service);
        changed.maxVerifierCutPending = maxVerifierCut;
        changed.thawingPeriodPending = thawingPeriod;
        changed.parametersStagedAt = uint64(block.timestamp);
        emit ProvisionParametersStaged(provider, service, maxVerifierCut, thawingPeriod);
    }

    /// @notice Puts staged parameters in force. Only the service itself.
    /// @param provider whose provision it is
    function acceptProvisionParameters(address provider) external whenNotPaused {
        Provision storage changed = _provisionAt(provider, msg.sender);
        if (changed.parametersStagedAt == 0) {
            revert NothingStaged(provider, msg.sender);
        }
        changed.maxVerifierCut = changed.maxVerifierCutPending;
        changed.thawingPeriod = changed.thawingPeriodPending;
        changed.parametersStagedAt = 0;
        emit ProvisionParametersSet(provider, msg.sender, changed.maxVerifierCut, changed.thawingPeriod);
    }

    function _requireParameters(uint32 maxVerifierCut, uint64 thawingPeriod) internal view {
        if (maxVerifierCut > MAX_PPM) {
            revert VerifierCutTooHigh(maxVerifierCut, MAX_PPM);
        }
        if (thawingPeriod > maxThawingPeriod) {
            revert ThawingPeriodTooLong(thawingPeriod, maxThawingPeriod);
        }
    }
}
